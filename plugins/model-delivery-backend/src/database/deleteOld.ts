import type { Knex } from 'knex';

const BATCH = 1_000;

/**
 * Deletes rows older than a time, a batch per statement, so that no other write waits for long.
 *
 * @param key - columns that identify a row; `where` chooses what may be deleted.
 */
export async function deleteOld(
  knex: Knex,
  table: string,
  key: string[],
  where: (query: Knex.QueryBuilder) => void,
): Promise<void> {
  for (;;) {
    const old = knex(table)
      .select(...key)
      .modify(where)
      .limit(BATCH);
    const count = await knex(table).whereIn(key, old).delete();
    if (count < BATCH) return;
  }
}
