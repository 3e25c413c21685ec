import {
  ConflictError,
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { ProviderError } from '@slipway/plugin-model-delivery-node';

/** Calls a provider for a request of a person, and says in HTTP's words how it failed. */
export async function upstream<T>(
  title: string,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const message = `${title}: ${error.message}`;
    switch (error.kind) {
      case 'not-found':
        throw new NotFoundError(message);
      case 'conflict':
        throw new ConflictError(message);
      case 'unsupported':
      case 'invalid':
        throw new InputError(message);
      default:
        throw new ServiceUnavailableError(message);
    }
  }
}
