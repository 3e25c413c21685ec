export const PROVIDER_ERROR_KINDS = [
  'unauthorized',
  'forbidden',
  'not-found',
  'rate-limited',
  'timeout',
  'unavailable',
  'bad-data',
  'unsupported',
  'conflict',
  'invalid',
] as const;
export type ProviderErrorKind = (typeof PROVIDER_ERROR_KINDS)[number];

/**
 * What a provider throws: the kind says what to do about it, the message says it to a person.
 * Messages reach pages, so they carry no credentials and no vendor's stack.
 */
export class ProviderError extends Error {
  readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  /** Seconds to wait before asking again, where the outside system said so. */
  readonly retryAfter?: number;

  constructor(
    kind: ProviderErrorKind,
    message: string,
    options: { cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfter = options.retryAfter;
  }
}
