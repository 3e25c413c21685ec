import {
  type DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

const MIGRATIONS = resolvePackagePath(
  '@slipway/plugin-model-delivery-backend',
  'migrations',
);

/** Connects, migrates unless the host says not to, and returns the client. */
export async function connect(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (knex.client.config.client.includes('sqlite')) {
    await knex.raw('PRAGMA journal_mode=WAL');
  }
  if (!database.migrations?.skip) {
    await knex.migrate.latest({ directory: MIGRATIONS });
  }
  return knex;
}
