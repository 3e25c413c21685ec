import { setTimeout as delay } from 'node:timers/promises';

const AGAIN_MS = 1000;

/** The model-delivery backend can start later than the catalog: tries until it answers once. */
export async function untilFirstSuccess(
  act: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await act();
      return;
    } catch {
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
