import {
  type DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/**
 * Brings our tables up to date. The database is the plugin's, so the tables carry a prefix and
 * the migrations a table of their own.
 */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) await migrate(knex);
  return knex;
}

export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath(
      '@slipway/plugin-model-delivery-backend-module-local',
      'migrations',
    ),
    tableName: 'local_knex_migrations',
  });
}
