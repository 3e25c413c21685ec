import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { Alert } from './Alert';

/**
 * Every alert there is now, or why that is not available: values are read all the same, so what is asked
 * for alerts may neither fail them nor hold them up.
 *
 * @throws whatever the signal was aborted with.
 */
export async function alertsOrError(
  read: (signal: AbortSignal) => Promise<Alert[]>,
  { title, patienceMs }: { title: string; patienceMs: number },
  signal: AbortSignal,
): Promise<Alert[] | ProviderError> {
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await read(AbortSignal.any([signal, patience]));
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted) {
      return new ProviderError(
        'timeout',
        `The alerts of ${title} did not come in ${patienceMs / 1_000} s.`,
      );
    }
    if (error instanceof ProviderError) return error;
    throw error;
  }
}
