import knexFactory, { type Knex } from 'knex';
import { migrate } from '../database/migrate';

/** The connection of an open PostgreSQL, as text for another process. */
export function connectionOf(knex: Knex): string {
  const { connection } = knex.client.config;
  // Knex hides the password from enumeration.
  return JSON.stringify(
    typeof connection === 'string'
      ? connection
      : { ...connection, password: connection.password },
  );
}

/** Opens SQLite by its file, or PostgreSQL by what `connectionOf` returned. */
export async function openAgain(database: string): Promise<Knex> {
  if (!database.startsWith('{') && !database.startsWith('"')) {
    return openTestDatabase(database);
  }
  const knex = knexFactory({ client: 'pg', connection: JSON.parse(database) });
  await migrate(knex);
  return knex;
}

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
