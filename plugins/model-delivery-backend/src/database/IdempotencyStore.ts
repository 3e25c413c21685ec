import type { Knex } from 'knex';

/** Answers of requests that must have one effect however often they are sent. */
export class IdempotencyStore {
  constructor(private readonly knex: Knex) {}

  async get(scope: string, key: string): Promise<string | undefined> {
    const row = await this.knex('idempotency_key')
      .where({ scope, key })
      .first();
    return row?.answer;
  }

  async put(scope: string, key: string, answer: string, now: string) {
    await this.knex('idempotency_key')
      .insert({ scope, key, answer, created_at: now })
      .onConflict(['scope', 'key'])
      .ignore();
  }

  /**
   * Forgets keys that no client still retries. Keys of deployments stay: automatic deployment asks
   * with the same key for as long as the version is the newest.
   */
  async forget(before: string): Promise<void> {
    await this.knex('idempotency_key')
      .where('created_at', '<', before)
      .whereNot('scope', 'like', 'deployment:%')
      .delete();
  }
}
