import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { ProviderRun } from '@slipway/plugin-model-delivery-node';
import {
  comparedWith,
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from './__testUtils__/fakes';
import { BASE, MODEL, startBackend } from './__testUtils__/startBackend';
import { until } from './__testUtils__/until';

jest.setTimeout(60_000);

type Backend = Awaited<ReturnType<typeof startBackend>>;

describe('the plugin, booted for real', () => {
  let system: FakeSystem;
  let backend: Backend;

  const v1 = fakeVersion(1);
  const v2 = fakeVersion(2);
  const model = async () => (await backend.api.get(MODEL)).body;
  const liveIn = async (environment: string) =>
    (await model()).environments.find(
      (e: { name: string }) => e.name === environment,
    )?.live?.version;
  const deploy = (body: object, key = 'key-1') =>
    backend.api
      .post(`${MODEL}/deployments`)
      .set('idempotency-key', key)
      .send(body);

  beforeEach(async () => {
    system = new FakeSystem();
    system.versions = [v1];
    system.evidence.set('0.1.0', [unitTests()]);
    system.evidence.set('0.2.0', [unitTests(), comparedWith(v1)]);
    backend = await startBackend({ system, entities: [modelEntity()] });
  });
  afterEach(() => backend.stop());

  const register = (version = v2) => {
    system.versions.push(version);
    backend.hint('versions');
  };

  it('delivers a new version to staging by itself and tells the registry', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    await until(() => system.marks.includes('staging=0.1.0'));
    const { lastDelivery } = await model();
    expect(lastDelivery).toMatchObject({
      automatic: true,
      requestedBy: 'system',
      action: 'deploy',
      state: 'live',
    });
    expect(system.dispatched).toHaveLength(1);
  });

  it('promotes, names who did it, and rolls back to the earlier version', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    await deploy({
      environment: 'production',
      version: '0.1.0',
      reason: 'First',
    }).expect(200);
    await until(async () => (await liveIn('production')) === '0.1.0');

    register();
    await until(async () => (await liveIn('staging')) === '0.2.0');
    const promoted = await deploy(
      { environment: 'production', version: '0.2.0', reason: 'Better' },
      'key-2',
    ).expect(200);
    expect(promoted.body).toMatchObject({
      action: 'promote',
      fromVersion: '0.1.0',
      requestedBy: mockCredentials.user().principal.userEntityRef,
    });
    await until(async () => (await liveIn('production')) === '0.2.0');

    await backend.api
      .post(`${MODEL}/environments/production/rollback`)
      .send({ reason: 'Alarms' })
      .expect(200);
    await until(async () => (await liveIn('production')) === '0.1.0');

    const history = await backend.api.get(
      `${MODEL}/environments/production/history`,
    );
    expect(history.body.items.map((i: any) => [i.version, i.endedBy])).toEqual([
      ['0.1.0', null],
      ['0.2.0', 'rolled-back'],
      ['0.1.0', 'superseded'],
    ]);
  });

  it('ends a request as blocked when a gate fails, with the reason in a sentence', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    register(
      fakeVersion(2, {
        metrics: [{ ...v2.metrics[0], value: 0.833 }],
      }),
    );
    await until(async () => (await liveIn('staging')) === '0.2.0');
    const answer = await deploy({
      environment: 'production',
      version: '0.2.0',
      reason: 'Try',
    }).expect(200);
    expect(answer.body.state).toBe('blocked');
    expect(answer.body.message).toContain(
      'accuracy 0.833 < 0.92 on 138 holdout rows',
    );
    expect((await model()).attention).toContain('blocked');
    expect(await liveIn('production')).toBeUndefined();
  });

  it('refuses a version that its own pipeline rejected, and says so on the page', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    register(
      fakeVersion(2, { status: 'rejected', reasons: ['accuracy 0.8 < 0.92'] }),
    );
    await until(async () => (await model()).lastDelivery?.state === 'blocked');
    expect((await model()).lastDelivery.message).toBe(
      'Cannot ship: accuracy 0.8 < 0.92.',
    );
    expect(await liveIn('staging')).toBe('0.1.0');
  });

  it('has one effect for one idempotency key', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    const body = { environment: 'production', version: '0.1.0', reason: 'Go' };
    const [a, b] = await Promise.all([deploy(body), deploy(body)]);
    expect(a.body.id).toBe(b.body.id);
    await until(async () => (await liveIn('production')) === '0.1.0');
    const again = await deploy(body).expect(200);
    expect(again.body.id).toBe(a.body.id);
    expect(system.dispatched).toHaveLength(2);
  });

  it('answers the second person with 409, naming the first', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const first = await deploy({
      environment: 'production',
      version: '0.1.0',
      reason: 'Go',
    }).expect(200);
    const second = await deploy(
      { environment: 'production', version: '0.1.0', reason: 'Me too' },
      'key-2',
    ).expect(409);
    expect(second.body.error.message).toContain(first.body.id);
    expect(second.body.error.message).toContain('user:default/mock');

    await backend.api
      .post(`${MODEL}/deployments/${first.body.id}/cancel`)
      .expect(200);
    expect((await model()).environments[1].openDeployment).toBeNull();
  });

  it('erases nothing when the upstream suddenly answers with nothing', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    system.versions = [];
    const reads = system.reads;
    backend.hint('versions');
    await until(() => system.reads > reads);
    const { body } = await backend.api.get(`${MODEL}/versions`);
    expect(body.items).toHaveLength(1);
  });

  it('answers its pages where a provider tells a run that does not hold', async () => {
    const whole: ProviderRun = {
      id: '16',
      number: 16,
      attempt: 1,
      kind: 'training',
      status: 'passed',
      reason: null,
      branch: 'main',
      commit: null,
      commitMessage: null,
      author: null,
      trigger: 'push',
      createdAt: '2026-01-01T00:00:00.000Z',
      startedAt: null,
      finishedAt: null,
      jobsDone: 0,
      jobsTotal: 0,
      version: null,
      url: null,
    };
    const { status: _, ...odd } = { ...whole, id: '17' };
    system.runs = [odd as ProviderRun, whole];
    backend.hint('runs');
    const source = async () =>
      (await model()).sources.find((s: any) => s.id === 'pipelines:fake');
    await until(async () => (await source()).status === 'partial');
    expect((await source()).error).toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining('about run 17: run.status'),
    });
    const runs = await backend.api.get(`${MODEL}/runs`).expect(200);
    expect(runs.body.items.map((r: any) => r.id)).toEqual(['16']);
  });

  it('keeps what it knew when a source fails, and says what is stale and why', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    system.failing = new Error('connection refused');
    backend.hint('versions');
    await until(async () =>
      (await model()).sources.some(
        (s: any) => s.id === 'versions:fake' && s.status === 'stale',
      ),
    );
    const body = await model();
    expect(
      body.sources.find((s: any) => s.id === 'versions:fake').error.message,
    ).toBe('connection refused');
    expect(body.latestVersion.version).toBe('0.1.0');
    expect(body.attention).toContain('stale');
  });

  it('answers the page without touching any outside system', async () => {
    await until(async () => (await liveIn('staging')) === '0.1.0');
    await until(async () => (await model()).monitorCounts.healthy === 1);
    system.failing = new Error('must not be asked');
    const reads = system.reads;
    await Promise.all(
      Array.from({ length: 20 }, () => backend.api.get(MODEL).expect(200)),
    );
    expect(system.reads).toBe(reads);
  });

  it('says what is wrong with a request', async () => {
    const { body } = await deploy({ environment: 'Staging!', version: '1' });
    expect(body.error.message).toContain('body.environment is "Staging!"');
    expect(body.error.message).toContain('body.reason is missing');
    await backend.api.get(`${BASE}/models/default/no-such`).expect(404);
    await backend.api.get(`${MODEL}/runs?limit=1000`).expect(400);
    await backend.api.get(`${MODEL}/runs?cursor=nonsense`).expect(400);
  });
});

describe('permissions', () => {
  const deny = (names: string[]) =>
    mockServices.permissions.mock({
      authorize: async requests =>
        requests.map(r => ({
          result: names.includes(r.permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
      authorizeConditional: async requests =>
        requests.map(r => ({
          result: names.includes(r.permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
    }).factory;

  it('hides a model that may not be read, in the words of one that is not there', async () => {
    const backend = await startBackend({
      system: new FakeSystem(),
      entities: [modelEntity()],
      features: [deny(['model-delivery.read'])],
    });
    const hidden = await backend.api.get(MODEL).expect(404);
    const absent = await backend.api
      .get(`${BASE}/models/default/absent`)
      .expect(404);
    expect(hidden.body.error.message).toBe(
      absent.body.error.message.replace('absent', 'penguin-species'),
    );
    const list = await backend.api.get(`${BASE}/models`).expect(200);
    expect(list.body).toMatchObject({ items: [], totalItems: 0 });
    await backend.stop();
  });

  it.each([
    [
      'model-delivery.deployment.create',
      'post',
      '/deployments',
      { environment: 'production', version: '0.1.0', reason: 'x' },
    ],
    [
      'model-delivery.deployment.rollback',
      'post',
      '/environments/production/rollback',
      { reason: 'x' },
    ],
    [
      'model-delivery.run.trigger',
      'post',
      '/runs',
      { kind: 'training', reason: 'x' },
    ],
    ['model-delivery.run.trigger', 'post', '/runs/1/rerun', {}],
    ['model-delivery.run.trigger', 'post', '/runs/1/cancel', {}],
    [
      'model-delivery.predict',
      'post',
      '/predictions',
      { environment: 'production', inputs: {} },
    ],
  ] as const)('denies %s on %s %s', async (permission, method, path, body) => {
    const backend = await startBackend({
      system: new FakeSystem(),
      entities: [modelEntity()],
      features: [deny([permission])],
    });
    const answer = await backend.api[method](`${MODEL}${path}`).send(body);
    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toContain(permission);
    await backend.api.get(MODEL).expect(200);
    await backend.stop();
  });

  it('lists only what a condition lets through', async () => {
    const other = modelEntity('churn-risk');
    other.relations = [{ type: 'ownedBy', targetRef: 'group:default/growth' }];
    const backend = await startBackend({
      system: new FakeSystem(),
      entities: [modelEntity(), other],
      features: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
          authorizeConditional: async () => [
            {
              result: AuthorizeResult.CONDITIONAL,
              pluginId: 'catalog',
              resourceType: 'catalog-entity',
              conditions: {
                rule: 'IS_ENTITY_OWNER',
                resourceType: 'catalog-entity',
                params: { claims: ['group:default/growth'] },
              },
            },
          ],
        }).factory,
      ],
    });
    await until(async () => {
      const { body } = await backend.api.get(`${BASE}/models`);
      return body.items?.length === 1 && body.items[0].name === 'churn-risk';
    });
    const { body } = await backend.api.get(`${BASE}/models`);
    expect(body.counts.all).toBe(1);
    await backend.stop();
  });

  it('wants a token, and lets nobody but services discover', async () => {
    const backend = await startBackend({
      system: new FakeSystem(),
      entities: [modelEntity()],
    });
    await backend.api
      .get(MODEL)
      .set('authorization', mockCredentials.none.header())
      .expect(401);
    await backend.api.get(`${BASE}/discovery/models`).expect(403);
    const { body } = await backend.api
      .get(`${BASE}/discovery/models`)
      .set('authorization', mockCredentials.service.header())
      .expect(200);
    expect(body).toEqual({ items: [], incomplete: [], unregistered: [] });
    await backend.stop();
  });
});
