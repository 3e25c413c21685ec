import type { ModelDeliveryApi } from '../../api/modelDeliveryApi';

/** What is known of a name that somebody types. */
export type NameState =
  | { state: 'empty' | 'checking' }
  | { state: 'free' }
  | { state: 'refused'; reason: string }
  | { state: 'unknown'; reason: string };

/** Asks whether a project may be given a name; a question that fails is *unknown*, not *free*. */
export async function checkName(
  api: ModelDeliveryApi,
  name: string,
  signal?: AbortSignal,
): Promise<NameState> {
  try {
    const { free, reason } = await api.call('checkProject', {
      query: { name },
      signal,
    });
    return free
      ? { state: 'free' }
      : { state: 'refused', reason: reason ?? 'The name is taken.' };
  } catch (error) {
    return {
      state: 'unknown',
      reason: `Could not check the name: ${
        error instanceof Error ? error.message : error
      }`,
    };
  }
}
