import {
  type DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { RELEASED } from './Leases';

const MIGRATIONS = resolvePackagePath(
  '@slipway/plugin-model-delivery-backend',
  'migrations',
);

/** Connects, migrates unless the host says not to, and returns the client. */
export async function connect(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  const sqlite = knex.client.config.client.includes('sqlite');
  if (sqlite) await knex.raw('PRAGMA journal_mode=WAL');
  if (!database.migrations?.skip) {
    await knex.migrate.latest({ directory: MIGRATIONS });
  }
  // Only one process can work on such a file, so the holder of a lease is gone. On a database that
  // replicas share, leases expire.
  if (sqlite) await releaseLeases(knex);
  return knex;
}

async function releaseLeases(knex: Knex): Promise<void> {
  for (const table of ['source_status', 'deployment']) {
    await knex(table).whereNotNull('lease_until').update(RELEASED);
  }
}
