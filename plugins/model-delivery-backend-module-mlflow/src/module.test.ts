import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import eventsPlugin from '@backstage/plugin-events-backend';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import {
  changesExtensionPoint,
  type ProviderChange,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import type { AddressInfo } from 'node:net';
import { MlflowServer, START_TIMEOUT_MS } from './__testUtils__/mlflowServer';
import { Seed } from './__testUtils__/Seed';
import deliveries from './__fixtures__/webhook_deliveries.json';
import mlflowModule from './index';

jest.setTimeout(START_TIMEOUT_MS);

const DEADLINE_MS = 60_000;

/** Stands in for the plugin: it takes what the module registers and reports. */
async function startPortal(servers: object[]) {
  const providers: string[] = [];
  const reported: ProviderChange[] = [];
  const host = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(changesExtensionPoint, {
        report: change => reported.push(change),
      });
      env.registerExtensionPoint(versionProvidersExtensionPoint, {
        addVersionProvider: ({ id }) => providers.push(id),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const backend = await startTestBackend({
    features: [
      host,
      eventsPlugin,
      eventsServiceFactory,
      mlflowModule,
      mockServices.rootConfig.factory({
        data: {
          // One process: there is nobody to poll.
          events: { useEventBus: 'never' },
          modelDelivery: { mlflow: { servers: servers as never } },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  return {
    providers,
    reported,
    hook: `http://127.0.0.1:${port}/api/events/http/mlflow`,
    stop: () => backend.stop(),
  };
}

async function until(holds: () => boolean, what: () => string) {
  const deadline = Date.now() + DEADLINE_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It never came to: ${what()}`);
    await new Promise(resolve => {
      setTimeout(resolve, 50);
    });
  }
}

describe('the module', () => {
  it('registers nothing without servers', async () => {
    const portal = await startPortal([]);
    expect(portal.providers).toEqual([]);
    await portal.stop();
  });

  it('registers a provider for each server', async () => {
    const portal = await startPortal([
      { id: 'mlflow', url: 'http://127.0.0.1:1' },
      { id: 'mlflow-eu', url: 'http://127.0.0.1:2' },
    ]);
    expect(portal.providers).toEqual(['mlflow', 'mlflow-eu']);
    await portal.stop();
  });

  it('fails the start where a setting does not hold, and shows no secret', async () => {
    const started = startPortal([
      {
        id: 'mlflow',
        url: 'ftp://example.com',
        auth: { token: 's3cret' },
      },
    ]);
    const error = await started.then(
      () => undefined,
      cause => cause,
    );
    const text = `${error?.message} ${error?.cause?.message}`;
    expect(text).toContain('modelDelivery.mlflow.servers[0].url');
    expect(text).not.toContain('s3cret');
  });

  it('has no way in for deliveries without a secret', async () => {
    const portal = await startPortal([
      { id: 'mlflow', url: 'http://127.0.0.1:1' },
    ]);
    const answer = await fetch(portal.hook, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
    await answer.text();
    await portal.stop();
  });
});

describe('deliveries of webhooks', () => {
  let server: MlflowServer;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let seed: Seed;
  beforeAll(async () => {
    server = await MlflowServer.start({
      environment: {
        MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http,https',
        MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true',
      },
    });
    seed = new Seed(server.url);
    portal = await startPortal([
      { id: 'other', url: 'http://127.0.0.1:1' },
      { id: 'mlflow', url: server.url, webhook: { secret: 's3cret' } },
      {
        id: 'mlflow-eu',
        url: 'http://127.0.0.1:2',
        webhook: { secret: 'another' },
      },
    ]);
  });
  afterAll(async () => {
    // First the one that keeps connections to the other.
    await server?.close();
    await portal?.stop();
  });
  beforeEach(() => {
    portal.reported.length = 0;
  });

  const subjects = () =>
    portal.reported
      .filter(({ provider }) => provider === 'mlflow')
      .map(({ what, subject }) => `${what} ${subject ?? ''}`.trim());

  it('come from a real server, are let in and say what is due', async () => {
    await seed.post('webhooks', {
      name: 'slipway',
      url: portal.hook,
      secret: 's3cret',
      events: [
        ['REGISTERED_MODEL', 'CREATED'],
        ['MODEL_VERSION', 'CREATED'],
        ['MODEL_VERSION_TAG', 'SET'],
        ['MODEL_VERSION_TAG', 'DELETED'],
        ['MODEL_VERSION_ALIAS', 'CREATED'],
        ['MODEL_VERSION_ALIAS', 'DELETED'],
      ].map(([entity, action]) => ({ entity, action })),
    });
    await seed.model('hooked');
    await until(
      () => subjects().includes('models'),
      () => subjects().join(),
    );
    await seed.version('hooked');
    await until(
      () => subjects().includes('versions hooked'),
      () => subjects().join(),
    );
    portal.reported.length = 0;
    await seed.post('registered-models/alias', {
      name: 'hooked',
      alias: 'production',
      version: '1',
    });
    await until(
      () => subjects().includes('versions hooked'),
      () => subjects().join(),
    );
    expect(portal.reported.map(({ provider }) => provider)).not.toContain(
      'other',
    );
  });

  it('are refused where they are forged, and nothing is reported', async () => {
    const forged = {
      'x-mlflow-delivery-id': 'd',
      'x-mlflow-timestamp': String(Math.floor(Date.now() / 1000)),
      'x-mlflow-signature': 'v1,AAAA',
    };
    const [recorded] = deliveries;
    for (const headers of [
      {},
      forged,
      // Signed long ago.
      recorded.headers,
    ]) {
      const answer = await fetch(portal.hook, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...withoutHop(headers) },
        body: recorded.body,
      });
      expect(answer.status).toBe(403);
      await answer.text();
    }
    expect(portal.reported).toEqual([]);
  });
});

/** A client sets these itself. */
function withoutHop(headers: Record<string, string | undefined>) {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] =>
        /^x-mlflow-/i.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
