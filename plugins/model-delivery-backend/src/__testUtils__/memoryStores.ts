import { mockServices } from '@backstage/backend-test-utils';
import knexFactory from 'knex';
import { connect } from '../database/migrate';
import { createStores } from '../database/stores';

/** The stores on a database in memory of their own. */
export async function memoryStores() {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await connect({
    ...mockServices.database.mock(),
    getClient: async () => knex,
  });
  return { knex, stores: createStores(knex) };
}
