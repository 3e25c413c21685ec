import { setTimeout as delay } from 'node:timers/promises';

/** Waits on a condition; fails with what was waited for. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`Did not come true in ${withinMs} ms: ${holds}`);
    }
    await delay(20);
  }
}
