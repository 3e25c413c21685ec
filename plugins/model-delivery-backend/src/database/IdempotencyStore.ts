import type { Knex } from 'knex';

/** Which request each idempotency key was used for. */
export class IdempotencyStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Takes a key for a request, or finds that the same request took it before.
   *
   * @param key - scoped by caller and operation.
   * @returns false when the key belongs to another request.
   */
  async take(key: string, requestHash: string, now: string): Promise<boolean> {
    await this.#knex('idempotency_key')
      .insert({ key, request_hash: requestHash, created_at: now })
      .onConflict('key')
      .ignore();
    const row = await this.#knex('idempotency_key').where({ key }).first();
    return row?.request_hash === requestHash;
  }

  /** Forgets keys that no client still retries. */
  async forget(before: string): Promise<void> {
    await this.#knex('idempotency_key')
      .where('created_at', '<', before)
      .delete();
  }
}
