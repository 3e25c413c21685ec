import { ProviderError } from '@slipway/plugin-model-delivery-node';

/** An answer, or this instead from what speaks like Prometheus and lacks the path. */
export async function ifThere<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not-found') {
      return otherwise;
    }
    throw error;
  }
}
