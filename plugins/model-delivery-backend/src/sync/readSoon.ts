/** The catalog needs a moment to process a change, and longer while it is busy. */
const READ_AFTER_MS = [1_000, 3_000, 10_000];

/** Reads an entity again soon after the catalog was asked to change it. Never throws. */
export function readSoon(
  entityRef: string,
  read: (entityRef: string) => Promise<unknown>,
): void {
  for (const delay of READ_AFTER_MS) {
    // The next sweep makes up for a read that fails.
    setTimeout(() => read(entityRef).catch(() => undefined), delay).unref();
  }
}
