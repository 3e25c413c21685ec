import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { BASE, MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

type Backend = Awaited<ReturnType<typeof startBackend>>;

describe('the routes of deployments', () => {
  let system: FakeSystem;
  let backend: Backend;
  const denied = new Set<string>();
  const v1 = fakeVersion(1);
  const v2 = fakeVersion(2);

  const environment = async (name: string) =>
    (await backend.api.get(MODEL)).body.environments.find(
      (e: { name: string }) => e.name === name,
    );
  const untilLive = (name: string, version: string) =>
    until(async () => (await environment(name))?.live?.version === version);
  const post = (path: string, body: object = {}, key?: string) => {
    const request = backend.api.post(`${MODEL}${path}`);
    return (key ? request.set('idempotency-key', key) : request).send(body);
  };
  /** Makes 0.2.0 known, which then never enters staging. */
  const registerWithoutEvidence = async () => {
    system.evidence.delete('0.2.0');
    system.versions.push(v2);
    backend.hint('versions');
    await until(async () => {
      const { body } = await backend.api.get(`${MODEL}/versions/0.2.0`);
      return body.version === '0.2.0';
    });
  };
  const toProduction = (version: string, key?: string, reason = 'Go') =>
    post('/deployments', { environment: 'production', version, reason }, key);

  beforeEach(async () => {
    denied.clear();
    system = new FakeSystem();
    system.versions = [v1];
    for (const { version } of [v1, v2]) {
      system.evidence.set(version, [unitTests()]);
    }
    backend = await startBackend({
      system,
      entities: [modelEntity()],
      features: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result: denied.has(permission.name)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
            })),
          authorizeConditional: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
        }).factory,
      ],
    });
    await untilLive('staging', '0.1.0');
  });
  afterEach(() => backend.stop());

  describe('an idempotency key', () => {
    it('makes a repeated request one deployment', async () => {
      const first = await toProduction('0.1.0', 'a').expect(200);
      const second = await toProduction('0.1.0', 'a').expect(200);
      expect(second.body.id).toBe(first.body.id);
    });

    it.each([
      ['another environment', '/deployments', { environment: 'staging' }],
      ['another version', '/deployments', { version: '0.2.0' }],
      ['another reason', '/deployments', { reason: 'Other' }],
    ])('is refused with %s', async (_, path, change) => {
      await toProduction('0.1.0', 'a').expect(200);
      const body = {
        environment: 'production',
        version: '0.1.0',
        reason: 'Go',
      };
      const answer = await post(path, { ...body, ...change }, 'a').expect(422);
      expect(answer.body.error.message).toContain('Send a new key');
    });

    it('counts for one operation alone', async () => {
      await toProduction('0.1.0', 'a').expect(200);
      await untilLive('production', '0.1.0');
      const answer = await post(
        '/environments/production/rollback',
        { reason: 'Back' },
        'a',
      );
      // Refused for what it is: there is no earlier version.
      expect(answer.status).toBe(400);
    });
  });

  it('lets one of 100 requests at the same instant win, and names it to the others', async () => {
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        toProduction('0.1.0', `client-${n}`),
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 409);
    expect([won.length, lost.length]).toEqual([1, 99]);
    const { id } = won[0].body;
    expect(new Set(lost.map(({ body }) => body.error.deploymentId))).toEqual(
      new Set([id]),
    );
    expect(lost[0].body.error.message).toContain(id);
    await until(() => system.dispatched.includes(id));
    expect(system.dispatched.filter(one => one === id)).toHaveLength(1);
  });

  describe('a version that was deployed outside', () => {
    const serve = (version: typeof v1) => {
      jest.spyOn(system, 'getState').mockResolvedValue({
        live: {
          version: version.version,
          digest: version.digest,
          deploymentId: null,
          by: 'ada',
        },
        status: 'ready',
        message: null,
        endpoint: null,
      });
      backend.hint('deployments');
      return until(async () => (await environment('staging')).changedOutside);
    };

    it('is shown with its actor, and brought back or adopted with a reason', async () => {
      await registerWithoutEvidence();
      await serve(v2);
      expect((await environment('staging')).changedOutside).toEqual({
        version: '0.2.0',
        digest: v2.digest,
        by: 'ada',
        sentence:
          '0.2.0 is served here, and 0.1.0 was deployed through Slipway: it was changed outside by ada.',
      });
      const dispatched = system.dispatched.length;
      const adopted = await post('/environments/staging/adopt', {
        reason: 'It was an emergency.',
      }).expect(200);
      expect(adopted.body).toMatchObject({ state: 'live', version: '0.2.0' });
      expect(await environment('staging')).toMatchObject({
        live: { version: '0.2.0', reason: 'It was an emergency.' },
        changedOutside: null,
      });
      expect(system.dispatched).toHaveLength(dispatched);
      await serve(v1);
      const back = await post('/environments/staging/bring-back', {
        reason: 'The history counts.',
      }).expect(200);
      expect(back.body).toMatchObject({
        action: 'rollback',
        version: '0.2.0',
      });
      await until(() => system.dispatched.includes(back.body.id));
    });

    it('is nothing to adopt where the history says it', async () => {
      const answer = await post('/environments/staging/adopt', {
        reason: 'Go',
      });
      expect(answer.status).toBe(409);
    });
  });

  it('refuses a version in production that was never live in staging', async () => {
    await registerWithoutEvidence();
    const answer = await toProduction('0.2.0').expect(200);
    expect(answer.body).toMatchObject({
      state: 'blocked',
      message: expect.stringContaining('0.2.0 was never live in staging'),
    });
  });

  describe('a roll back where versions arrive automatically', () => {
    const register = (version: typeof v2) => {
      system.evidence.set(version.version, [unitTests()]);
      system.versions.push(version);
      backend.hint('versions');
      return until(
        async () =>
          (await backend.api.get(`${MODEL}/versions/${version.version}`))
            .status === 200,
      );
    };
    const lift = () =>
      post('/environments/staging/lift-hold', { reason: '0.3.0 is fixed' });
    beforeEach(async () => {
      await register(v2);
      await untilLive('staging', '0.2.0');
      await post('/environments/staging/rollback', {
        reason: 'Wrong labels',
      }).expect(200);
      await untilLive('staging', '0.1.0');
    });

    it('shows the hold, and delivers the next version once it is lifted', async () => {
      expect((await environment('staging')).hold).toMatchObject({
        version: '0.2.0',
        reason: 'Wrong labels',
        by: expect.stringMatching(/^user:/),
      });
      await register(fakeVersion(3));
      await lift().expect(200);
      expect((await environment('staging')).hold).toBeNull();
      await untilLive('staging', '0.3.0');
    });

    it('can be lifted once, with the permission to deploy', async () => {
      denied.add('model-delivery.deployment.create');
      await lift().expect(403);
      denied.clear();
      await lift().expect(200);
      const { body } = await lift().expect(409);
      expect(body.error.message).toBe('staging is not on hold');
    });

    it('does not hold what a person deploys', async () => {
      await post('/deployments', {
        environment: 'staging',
        version: '0.2.0',
        reason: 'The labels are right now',
      }).expect(200);
      await untilLive('staging', '0.2.0');
      expect((await environment('staging')).hold).not.toBeNull();
    });
  });

  it('does not put an environment on hold whose versions a person deploys', async () => {
    await toProduction('0.1.0').expect(200);
    await untilLive('production', '0.1.0');
    system.versions.push(v2);
    backend.hint('versions');
    await untilLive('staging', '0.2.0');
    await post('/deployments/override', {
      environment: 'production',
      version: '0.2.0',
      reason: 'It was never compared with 0.1.0.',
    }).expect(200);
    await untilLive('production', '0.2.0');
    await post('/environments/production/rollback', { reason: 'Back' });
    await untilLive('production', '0.1.0');
    expect((await environment('production')).hold).toBeNull();
  });

  describe('an override of the gates', () => {
    const override = (reason: string) =>
      post('/deployments/override', {
        environment: 'production',
        version: '0.2.0',
        reason,
      });
    const why = 'Production is down; 0.2.0 is the only fix.';

    beforeEach(() => registerWithoutEvidence());

    it('deploys a version that its gates block, and keeps caller and reason', async () => {
      const blocked = await toProduction('0.2.0').expect(200);
      expect(blocked.body).toMatchObject({
        state: 'blocked',
        overridden: false,
      });
      const { body } = await override(why).expect(200);
      expect(body).toMatchObject({
        overridden: true,
        reason: why,
        message: expect.stringMatching(
          /^Queued, gates overridden\. Cannot ship/,
        ),
        gates: expect.arrayContaining([
          expect.objectContaining({ outcome: 'fail' }),
        ]),
      });
      await untilLive('production', '0.2.0');
      const { body: kept } = await backend.api.get(
        `${MODEL}/deployments/${body.id}`,
      );
      expect(kept).toMatchObject({ state: 'live', overridden: true });
      expect(kept.events[0]).toMatchObject({
        by: body.requestedBy,
        message: expect.stringContaining('gates overridden'),
      });
    });

    it('has a permission of its own', async () => {
      denied.add('model-delivery.deployment.override');
      await override(why).expect(403);
      denied.clear();
      denied.add('model-delivery.deployment.create');
      const { body } = await override(why).expect(200);
      expect(body.overridden).toBe(true);
    });

    it('asks for a reason of real length', async () => {
      const { body } = await override('Go').expect(400);
      expect(body.error.message).toContain('reason');
      await override(`Go${' '.repeat(30)}`).expect(400);
    });
  });

  it('marks no deployment as overridden whose gates pass', async () => {
    const { body } = await post('/deployments/override', {
      environment: 'production',
      version: '0.1.0',
      reason: 'I thought that a gate failed.',
    }).expect(200);
    expect(body).toMatchObject({ overridden: false });
  });

  it('needs the permission of what it cancels', async () => {
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const { body } = await toProduction('0.1.0').expect(200);
    denied.add('model-delivery.deployment.create');
    await post(`/deployments/${body.id}/cancel`).expect(403);
    denied.clear();
    denied.add('model-delivery.deployment.rollback');
    await post(`/deployments/${body.id}/cancel`).expect(200);
    await until(async () => {
      const now = await backend.api.get(`${MODEL}/deployments/${body.id}`);
      return now.body.state === 'cancelled';
    });
    const again = await post(`/deployments/${body.id}/cancel`).expect(409);
    expect(again.body.error.message).toBe(
      'The deployment of 0.1.0 to production is cancelled already',
    );
  });

  it('releases by force only what is being cancelled, with a reason', async () => {
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const { body } = await toProduction('0.1.0').expect(200);
    const path = `/deployments/${body.id}/force-release`;
    await until(() => system.dispatched.includes(body.id));
    await post(path, { reason: 'Gone' }).expect(409);
    system.failing = new Error('down');
    await post(`/deployments/${body.id}/cancel`).expect(200);
    await post(path, {}).expect(400);
    const released = await post(path, { reason: 'Gone' }).expect(200);
    expect(released.body.state).toBe('cancelled');
    await post('/deployments/nothing/cancel').expect(404);
  });

  it('refuses an entity that names a target of another model', async () => {
    system.names = target => ({ service: String(target.target.place) });
    await backend.stop();
    backend = await startBackend({ system, entities: [modelEntity('thief')] });
    const answer = await backend.api.get(`${BASE}/models/default/thief`);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(
      'Add a rule to modelDelivery.targets in app-config: { owner: group:default/ml-platform, services: [',
    );
  });
});
