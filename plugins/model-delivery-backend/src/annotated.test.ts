import { createBackendModule } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  pipelineProvidersExtensionPoint,
  type PipelineProvider,
  type ProviderRun,
  type VersionProvider,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import { FakeSystem, fakeVersion, modelEntity } from './__testUtils__/fakes';
import { BASE, startBackend } from './__testUtils__/startBackend';
import { until } from './__testUtils__/until';

jest.setTimeout(60_000);

const run: ProviderRun = {
  id: 'run-7',
  number: 7,
  attempt: 1,
  kind: 'ci',
  status: 'passed',
  reason: null,
  trigger: 'push',
  author: null,
  branch: 'main',
  commit: null,
  commitMessage: null,
  createdAt: '2026-01-01T12:00:00.000Z',
  startedAt: null,
  finishedAt: '2026-01-01T12:05:00.000Z',
  jobsDone: 0,
  jobsTotal: 0,
  version: null,
  url: null,
};

const bareVersion = fakeVersion(1, {
  metrics: [],
  digest: null,
  commit: null,
  sizeBytes: null,
  runId: null,
  hasCard: false,
});

/** A system that knows of no contract: it has runs and versions, and nothing more of either. */
const bare: PipelineProvider & VersionProvider = {
  id: 'bare',
  title: 'Bare system',
  listRuns: async () => ({ items: [run] }),
  getJobs: async () => [],
  getEvidence: async () => [],
  readLog: async () => ({ lines: [], next: 0, ended: true, truncated: false }),
  trigger: async () => ({ runId: 'run-8' }),
  rerun: async () => ({ runId: 'run-8' }),
  cancel: async () => {},
  listVersions: async () => ({ items: [bareVersion] }),
  getVersion: async () => bareVersion,
  getCard: async () => null,
  getSignature: async () => null,
  openBundle: async () => {
    throw new Error('It has none.');
  },
  hasBundle: async () => false,
  mark: async () => {},
};
const bareModule = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'bare',
  register(env) {
    env.registerInit({
      deps: {
        pipelines: pipelineProvidersExtensionPoint,
        versions: versionProvidersExtensionPoint,
      },
      async init({ pipelines, versions }) {
        pipelines.addPipelineProvider(bare);
        versions.addVersionProvider(bare);
      },
    });
  },
});

const component = (annotations: Record<string, string>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'churn', namespace: 'default', annotations },
  spec: {
    type: 'ml-model',
    lifecycle: 'production',
    owner: 'group:default/growth',
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/growth' }],
});
const annotated = component({
  'model-delivery/pipelines': 'bare:churn',
  'model-delivery/versions': 'bare:churn',
});

describe('a Component with annotations alone', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const start = async (
    entities: Entity[],
    features: Parameters<typeof startBackend>[0]['features'] = [],
  ) => {
    backend = await startBackend({
      system: new FakeSystem(),
      entities,
      features: [bareModule, ...features],
    });
  };
  afterEach(() => backend.stop());

  const get = (path = '') =>
    backend.api.get(`${BASE}/models/default/churn${path}`);
  const sourcesOf = (body: { sources: { id: string; status: string }[] }) =>
    Object.fromEntries(body.sources.map(s => [s.id, s.status]));
  const untilRead = () =>
    until(async () => {
      const { body } = await get();
      return Boolean(body.latestRun && body.latestVersion);
    });

  it('is a row of the fleet and has a page, runs and versions', async () => {
    await start([annotated]);
    await untilRead();
    const fleet = await backend.api.get(`${BASE}/models`).expect(200);
    expect(fleet.body.items).toMatchObject([
      {
        entityRef: 'component:default/churn',
        kind: 'component',
        owner: 'group:default/growth',
        type: 'ml-model',
        environments: [],
        latestRun: { id: 'run-7' },
        latestVersion: { version: '0.1.0' },
      },
    ]);
    expect((await get('/runs')).body.items).toMatchObject([{ id: 'run-7' }]);
    expect((await get('/runs/run-7')).body).toMatchObject({
      jobs: [],
      evidence: [],
    });
    expect((await get('/versions')).body.items).toMatchObject([
      { version: '0.1.0', metrics: [], hasCard: false, liveIn: [] },
    ]);
    expect((await get('/versions/0.1.0')).body.evidence).toEqual([]);
  });

  it('says of what it does not name that it is not configured, and how to get it', async () => {
    await start([annotated]);
    await untilRead();
    expect(sourcesOf((await get()).body)).toEqual({
      'pipelines:bare': 'ok',
      'versions:bare': 'ok',
      deployments: 'not-configured',
      monitors: 'not-configured',
    });
    for (const list of ['/monitors', '/events']) {
      const { body } = await get(list).expect(200);
      expect(body.items).toEqual([]);
      expect(sourcesOf(body)).toMatchObject({ monitors: 'not-configured' });
    }
    const deployments = await get('/deployments').expect(200);
    expect(sourcesOf(deployments.body)).toEqual({
      deployments: 'not-configured',
    });
    for (const path of ['gates?version=0.1.0', 'history']) {
      const { body } = await get(`/environments/production/${path}`);
      expect(body.error.message).toBe(
        'churn has no environments; declare them in modelDelivery.defaults.environments of app-config, or declare it as an MLModel',
      );
    }
    for (const part of ['card', 'signature']) {
      const { body } = await get(`/versions/0.1.0/${part}`).expect(404);
      expect(body.error.message).toMatch(/has no (model card|signature)$/);
    }
  });

  it('names the annotation that is missing', async () => {
    await start([component({ 'model-delivery/pipelines': 'bare:churn' })]);
    await until(async () => (await get()).status === 200);
    const { body } = await get('/versions/1/card').expect(404);
    expect(body.error.message).toContain(
      'name it in the annotation model-delivery/versions',
    );
    expect(sourcesOf((await get('/versions')).body)).toEqual({
      versions: 'not-configured',
    });
  });

  it('gets the environments and monitors of app-config, whose gates say what is unknown', async () => {
    const target = { provider: 'fake' };
    await start(
      [annotated],
      [
        mockServices.rootConfig.factory({
          data: {
            modelDelivery: {
              defaults: {
                environments: [
                  {
                    name: 'production',
                    target,
                    gates: [
                      { tests: ['unit'] },
                      { metric: 'accuracy', min: 0.9 },
                      { modelCard: 'required' },
                    ],
                  },
                ],
                monitors: [
                  {
                    name: 'latency-p95',
                    signal: 'latency',
                    environment: 'production',
                    source: target,
                  },
                ],
              },
            },
          },
        }),
      ],
    );
    await untilRead();
    const { body } = await get(
      '/environments/production/gates?version=0.1.0',
    ).expect(200);
    expect(body.outcome).toBe('fail');
    expect(body.gates.map((g: { outcome: string }) => g.outcome)).toEqual([
      'unknown',
      'unknown',
      'fail',
    ]);
    expect((await get()).body.environments).toMatchObject([
      { name: 'production', live: null, candidate: '0.1.0' },
    ]);
    await until(
      async () => (await get('/monitors')).body.items[0].state === 'healthy',
    );
  });

  it('gives way to an MLModel of its name, unless the kind is said', async () => {
    await start([annotated, modelEntity('churn')]);
    await until(async () => {
      const { body } = await backend.api.get(`${BASE}/models`);
      return body.items.length === 2;
    });
    const kindOf = async (query: string) => (await get(query)).body.kind;
    expect(await kindOf('')).toBe('mlmodel');
    expect(await kindOf('?kind=MLModel')).toBe('mlmodel');
    expect(await kindOf('?kind=Component')).toBe('component');
    await get('?kind=Resource').expect(404);
    expect((await get('/monitors?kind=component')).body.items).toEqual([]);
    expect((await get('/monitors')).body.items).toHaveLength(1);
  });

  const malformed = component({ 'model-delivery/versions': 'churn' });

  it('answers a malformed annotation with field, value and remedy', async () => {
    await start([malformed]);
    const { body } = await get().expect(400);
    expect(body.error.message).toBe(
      'component:default/churn is not used: metadata.annotations["model-delivery/versions"] is "churn"; write <provider>:<name>, such as mlflow:penguin-species, with the provider\'s id as app-config has it',
    );
    const fleet = await backend.api.get(`${BASE}/models`).expect(200);
    expect(fleet.body.items).toEqual([]);
  });

  it('tells nothing of it to those who may not see it', async () => {
    await start(
      [malformed],
      [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({ result: AuthorizeResult.DENY })),
        }).factory,
      ],
    );
    const { body } = await get().expect(404);
    expect(body.error.message).toBe(
      'There is no model default/churn, or you do not have permission to see it',
    );
  });
});
