import { NotFoundError } from '@backstage/errors';
import { ProviderError } from '@slipway/plugin-model-delivery-node';

/** What went wrong with a provider, as it is stored and shown. */
export interface Problem {
  kind: string;
  message: string;
  /** Seconds, where the outside system said so. */
  retryAfter?: number;
}

/** @param timeoutMs - after which the caller gave up. */
export function problemOf(error: unknown, timeoutMs: number): Problem {
  if (error instanceof ProviderError) {
    const { kind, message, retryAfter } = error;
    return { kind, message, retryAfter };
  }
  if (error instanceof NotFoundError) {
    return { kind: 'not-found', message: error.message };
  }
  if (error instanceof Error && error.name === 'TimeoutError') {
    return {
      kind: 'timeout',
      message: `No answer within ${timeoutMs / 1000} s.`,
    };
  }
  return {
    kind: 'unavailable',
    message: error instanceof Error ? error.message : String(error),
  };
}
