import { createHash, randomUUID } from 'node:crypto';
import { InputError } from '@backstage/errors';
import type { IdempotencyStore } from '../database/IdempotencyStore';

const MAX_KEY_LENGTH = 200;

/** An idempotency key that belongs to another request. Answered with 422. */
class KeyReusedError extends Error {
  readonly name = 'KeyReusedError';
  readonly statusCode = 422;
}

/**
 * Makes a key for each request, by which a repeated request has one effect. A key that a client sends
 * counts for that caller and that operation alone.
 */
export class RequestKeys {
  readonly #store: IdempotencyStore;
  readonly #now: () => Date;

  constructor(store: IdempotencyStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * @param call - `header` as the client sent it; `request` is everything that the client asked for,
   *   parsed.
   * @throws InputError for a malformed key.
   * @throws KeyReusedError for a key that was used for another request.
   */
  async keyOf(call: {
    header: string | undefined;
    by: string;
    operation: string;
    request: unknown;
  }): Promise<string> {
    const { header, by, operation, request } = call;
    if (header === undefined) return hash(randomUUID());
    if (header.length === 0 || header.length > MAX_KEY_LENGTH) {
      throw new InputError(
        `The header Idempotency-Key must have 1 to ${MAX_KEY_LENGTH} characters`,
      );
    }
    const key = hash(JSON.stringify([by, operation, header]));
    const isSame = await this.#store.take(
      key,
      hash(JSON.stringify(request)),
      this.#now().toISOString(),
    );
    if (!isSame) {
      throw new KeyReusedError(
        'This Idempotency-Key was used for another request. Send a new key with a new request.',
      );
    }
    return key;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
