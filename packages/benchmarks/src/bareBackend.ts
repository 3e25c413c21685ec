import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import knexFactory, { type Knex } from 'knex';
import { connect } from '../../../plugins/model-delivery-backend/src/database/migrate';
import type { ProviderRegistry } from '../../../plugins/model-delivery-backend/src/providers/ProviderRegistry';
import type {
  Authorizer,
  Visibility,
} from '../../../plugins/model-delivery-backend/src/routes/Authorizer';
import type { Callers } from '../../../plugins/model-delivery-backend/src/routes/Callers';
import { createRouter } from '../../../plugins/model-delivery-backend/src/routes/createRouter';
import { createService } from '../../../plugins/model-delivery-backend/src/service';

const logger: any = new Proxy({}, { get: () => () => undefined });
const nothing: any = { publish: async () => undefined };
const metrics: any = {
  createObservableGauge: () => ({ addCallback: () => undefined }),
  createHistogram: () => ({ record: () => undefined }),
};
const httpAuth: any = {
  credentials: async () => ({ principal: { subject: 'benchmark' } }),
};
const auditor: any = {
  createEvent: async () => ({
    success: async () => undefined,
    fail: async () => undefined,
  }),
};
const allowAll = {
  assertVisible: async () => undefined,
  assertAllowed: async () => undefined,
};

type Service = ReturnType<typeof createService>;

/** SQLite with the backend's tables, in memory where no file is named. */
export async function openDatabase(filename = ':memory:'): Promise<Knex> {
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  await connect({ getClient: async () => knex });
  return knex;
}

/** What the plugin is made of, without a host around it. */
export function bareService(options: {
  knex: Knex;
  registry: ProviderRegistry;
  now?: () => Date;
}): Service {
  return createService({
    ...options,
    config: {
      targets: [],
      defaults: { environments: [], monitors: [] },
      retention: { samplesDays: 30, eventsDays: 365, runsDays: 365 },
      feedback: { retrainsPerDay: 3, dryRun: false },
    },
    dataAddresses: nothing,
    catalog: nothing,
    auth: nothing,
    auditor: nothing,
    signals: nothing,
    notifications: { send: async () => undefined },
    events: nothing,
    logger,
    metrics,
  });
}

/** The plugin's own routes on loopback, without the host's sign-in. */
export async function serveRoutes(
  { routeDeps, findModel }: Pick<Service, 'routeDeps' | 'findModel'>,
  visibility: () => Promise<Visibility> = async () => 'all',
) {
  const app = express().use(
    createRouter(routeDeps, {
      httpAuth,
      auditor,
      authorizer: {
        ...allowAll,
        visibility,
      } as Partial<Authorizer> as Authorizer,
      callers: {
        personOf: async () => ({
          by: 'user:default/guest',
          ownership: [],
          email: null,
        }),
      } as Partial<Callers> as Callers,
      findModel,
    }),
  );
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
