import knexFactory, { type Knex } from 'knex';
import { migrate } from '../database/migrate';

/** SQLite in a file, as a portal has it: one connection. */
export async function openTestDatabase(filename: string): Promise<Knex> {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await knex.raw('PRAGMA journal_mode = WAL');
  await knex.raw('PRAGMA busy_timeout = 5000');
  await migrate(knex);
  return knex;
}
