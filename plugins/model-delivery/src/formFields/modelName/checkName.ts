import type { ModelDeliveryApi } from '../../api/modelDeliveryApi';
import type { Checked } from '../checkedText';

/** Asks whether a project may be given a name; a question that fails is *unknown*, not *good*. */
export async function checkName(
  api: ModelDeliveryApi,
  name: string,
  signal?: AbortSignal,
): Promise<Checked> {
  if (!name) return { state: 'none', sentence: '' };
  try {
    const { free, reason } = await api.call('checkProject', {
      query: { name },
      signal,
    });
    return free
      ? {
          state: 'good',
          sentence: `Available. The entity will be mlmodel:default/${name}.`,
        }
      : { state: 'refused', sentence: reason ?? 'The name is taken.' };
  } catch (error) {
    return {
      state: 'unknown',
      sentence: `Could not check the name: ${
        error instanceof Error ? error.message : error
      }`,
    };
  }
}
