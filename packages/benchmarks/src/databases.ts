import knexFactory, { type Knex } from 'knex';
import { connect } from '../../../plugins/model-delivery-backend/src/database/migrate';
import { openDatabase } from './bareBackend';

/** A server of the tests' own PostgreSQL, and how to stop it. */
type Postgres = { url: string; stop(): Promise<void> };

export interface Databases {
  name: 'SQLite' | 'PostgreSQL';
  /** A database of its own, with the backend's tables. */
  open(): Promise<Knex>;
  stop(): Promise<void>;
}

/** SQLite in memory. */
export const sqlite: Databases = {
  name: 'SQLite',
  open: () => openDatabase(),
  stop: async () => undefined,
};

/** A PostgreSQL server of its own. */
export async function postgres(): Promise<Databases> {
  const script: { startPostgres(): Promise<Postgres> } =
    // @ts-ignore a script without types
    await import('../../../scripts/testing/postgres.mjs');
  const server = await script.startPostgres();
  let opened = 0;
  return {
    name: 'PostgreSQL',
    async open() {
      opened += 1;
      const admin = knexFactory({ client: 'pg', connection: server.url });
      await admin.raw(`CREATE DATABASE bench_${opened}`);
      await admin.destroy();
      const knex = knexFactory({
        client: 'pg',
        connection: `${server.url}/bench_${opened}`,
        pool: { min: 2, max: 10 },
      });
      await connect({ getClient: async () => knex });
      return knex;
    },
    stop: () => server.stop(),
  };
}
