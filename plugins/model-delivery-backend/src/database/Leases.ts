import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

/** Columns of every table whose rows are leased. */
export type LeasedRow = {
  lease_token: string | null;
  lease_until: string | null;
};

/** What a released row is set to. */
export const RELEASED: LeasedRow = { lease_token: null, lease_until: null };

/**
 * Leases on the rows of one table. A claim takes rows under a fresh token; the holder renews them
 * while it works, and names the token in the WHERE of each of its writes. A holder whose lease ended
 * and was taken over therefore changes nothing.
 */
export class Leases<Row extends LeasedRow> {
  readonly #knex: Knex;
  readonly #table: string;
  readonly #key: readonly (keyof Row & string)[];

  /** @param key - the columns of the table's primary key. */
  constructor(knex: Knex, table: string, key: readonly (keyof Row & string)[]) {
    this.#knex = knex;
    this.#table = table;
    this.#key = key;
  }

  /**
   * Claims rows in one statement, so that of two workers one gets each row, on SQLite and PostgreSQL
   * alike.
   *
   * @param due - adds the conditions and the order of the rows wanted.
   * @returns the claimed rows, with their token; in no particular order.
   */
  async claim(
    due: (query: Knex.QueryBuilder) => void,
    lease: { now: string; until: string; limit: number },
  ): Promise<(Row & { lease_token: string })[]> {
    const free = (query: Knex.QueryBuilder) =>
      query.where(q =>
        q.whereNull('lease_until').orWhere('lease_until', '<=', lease.now),
      );
    const wanted = this.#knex(this.#table)
      .select(...this.#key)
      .modify(due)
      .modify(free)
      .limit(lease.limit);
    return this.#knex(this.#table)
      .whereIn([...this.#key], wanted)
      .modify(free)
      .update({ lease_token: randomUUID(), lease_until: lease.until })
      .returning('*');
  }

  /** @returns false when the lease was lost: the work should end. */
  async renew(
    key: Partial<Row>,
    token: string,
    until: string,
  ): Promise<boolean> {
    const count = await this.#knex(this.#table)
      .where(key)
      .where('lease_token', token)
      .update({ lease_until: until });
    return count > 0;
  }

  /** When a row that nobody holds is due next, by its `due_at`; null where none is. */
  async nextDueAt(now: string): Promise<string | null> {
    const row = await this.#knex(this.#table)
      .whereNotNull('due_at')
      .andWhere(q =>
        q.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .min({ next: 'due_at' })
      .first();
    return row?.next ?? null;
  }
}
