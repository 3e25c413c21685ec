import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from './__testUtils__/fakes';
import { BASE, startBackend } from './__testUtils__/startBackend';
import { until } from './__testUtils__/until';

jest.setTimeout(60_000);

const choice = { name: 'churn', owner: 'group:default/growth' };
const ADA = mockCredentials.user().principal.userEntityRef;
const BOB = mockCredentials.user.header('user:default/bob');

/** As the catalog has a model that was registered from the page. */
const asRegistered = (name: string) => {
  const entity = modelEntity(name);
  entity.metadata.annotations = {
    'backstage.io/managed-by-location': `model-delivery:registered/default/${name}`,
  };
  return entity;
};

/** Denies these permissions, for these entities where some are named. */
const deny = (permission: string, refs?: string[]) =>
  mockServices.permissions.mock({
    authorize: async requests =>
      requests.map(request => ({
        result:
          request.permission.name === permission &&
          (!refs || refs.includes((request as any).resourceRef))
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      })),
    authorizeConditional: async requests =>
      requests.map(() => ({ result: AuthorizeResult.ALLOW })),
  }).factory;

describe('unregistering what was registered from the page', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const start = async (
    options: Partial<Parameters<typeof startBackend>[0]> = {},
  ) => {
    backend = await startBackend({
      system: new FakeSystem(),
      entities: [],
      ...options,
    });
  };
  afterEach(() => backend.stop());

  const register = (body: object = choice) =>
    backend.api.post(`${BASE}/onboarding/models`).send(body);
  const list = async () =>
    (await backend.api.get(`${BASE}/onboarding/models`).expect(200)).body.items;
  const unregister = (name = 'churn', reason = 'A mistake') =>
    backend.api
      .post(`${BASE}/onboarding/models/default/${name}/unregister`)
      .send({ reason });
  const discovered = async () =>
    (
      await backend.api
        .get(`${BASE}/discovery/models`)
        .set('authorization', mockCredentials.service.header())
        .expect(200)
    ).body;
  const known = async (name: string) =>
    (await backend.api.get(`${BASE}/models/default/${name}`)).status === 200;

  it('tells the catalog, once, and keeps who did it and why', async () => {
    await start();
    await register().expect(200);
    expect(await list()).toMatchObject([
      {
        entityRef: 'mlmodel:default/churn',
        owner: 'group:default/growth',
        by: ADA,
        inCatalog: 'not-yet',
      },
    ]);
    const { body } = await unregister().expect(200);
    expect(body).toMatchObject({ by: ADA, reason: 'A mistake' });
    expect(await list()).toEqual([]);
    expect(await discovered()).toEqual({
      items: [],
      incomplete: [],
      unregistered: [{ entityRef: 'mlmodel:default/churn', at: body.at }],
    });

    const again = await unregister('Churn', 'Another reason').expect(200);
    expect(again.body).toEqual(body);
  });

  it('registers again what was unregistered, though the catalog has it still', async () => {
    await start({ entities: [asRegistered('churn')] });
    await register().expect(200);
    await until(() => known('churn'));
    expect(await list()).toMatchObject([{ inCatalog: 'as-registered' }]);
    await register().expect(409);
    await unregister().expect(200);
    await register().expect(200);
    expect(await discovered()).toMatchObject({
      items: [{ provider: 'registered' }],
      unregistered: [],
    });
  });

  it('knows nothing of what was not registered here', async () => {
    await start({ entities: [modelEntity()] });
    await until(() => known('penguin-species'));
    const { body } = await unregister('penguin-species').expect(404);
    expect(body.error.message).toContain('was not registered from here');
    expect(await known('penguin-species')).toBe(true);
    await unregister('churn').expect(404);
  });

  it('wants a reason', async () => {
    await start();
    await register().expect(200);
    const { body } = await unregister('churn', ' ').expect(400);
    expect(body.error.message).toContain('body.reason');
    expect(await list()).toHaveLength(1);
  });

  it('is denied without the permission', async () => {
    await start({ features: [deny('model-delivery.model.add')] });
    const { body } = await unregister().expect(403);
    expect(body.error.message).toContain('model-delivery.model.add');
    await backend.api.get(`${BASE}/onboarding/models`).expect(403);
  });

  it('keeps from others what they may not see, in the words of what is not there', async () => {
    await start({
      features: [deny('model-delivery.read', ['mlmodel:default/churn'])],
    });
    await register().expect(200);
    expect(await list()).toHaveLength(1);
    const others = await backend.api
      .get(`${BASE}/onboarding/models`)
      .set('authorization', BOB);
    expect(others.body.items).toEqual([]);
    const hidden = await unregister().set('authorization', BOB).expect(404);
    const absent = await unregister('absent').expect(404);
    expect(hidden.body.error.message).toBe(
      absent.body.error.message.replace('absent', 'churn'),
    );
    expect(await list()).toHaveLength(1);
  });

  it('waits for the end of a deployment that it would cut off', async () => {
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    system.evidence.set('0.1.0', [unitTests()]);
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    await start({ system, entities: [asRegistered('churn')] });
    await register().expect(200);
    await until(() => known('churn'));
    await until(() => system.dispatched.length === 1);
    const { body } = await unregister().expect(409);
    expect(body.error.message).toContain('0.1.0 to staging is open');
    system.progress.set(system.dispatched[0], {
      phase: 'failed',
      message: 'No room.',
    });
    await until(async () => (await unregister()).status === 200);
  });
});
