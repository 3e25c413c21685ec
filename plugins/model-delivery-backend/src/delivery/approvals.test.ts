import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import {
  type EnvironmentSpec,
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  anyone,
  deliveryParts,
  newDeployment,
} from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';
import type { Decider } from '../policy/approvals';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const REVIEWERS = 'group:default/ml-reviewers';
const ADA = 'user:default/ada';
const DAY_MS = 86_400_000;

const person = (name: string, groups = [REVIEWERS]): Decider => ({
  by: `user:default/${name}`,
  ownership: [`user:default/${name}`, ...groups],
  email: `${name}@acme.example`,
});

describe.each(databases.eachSupportedId())('approvals on %s', id => {
  let stores: Stores;
  let system: FakeSystem;
  let sent: NotificationSendOptions[];
  let send: () => void;
  let clock = Date.UTC(2026, 0, 1);
  let close: () => Promise<void>;
  let models = 0;
  const now = () => new Date(clock);
  const at = () => now().toISOString();
  const start = () =>
    deliveryParts({
      stores,
      system,
      now,
      notifications: {
        send: async options => {
          send();
          sent.push(options);
        },
      },
    });
  let parts: ReturnType<typeof start>;

  beforeAll(async () => {
    const knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
    close = () => knex.destroy();
  });
  afterAll(() => close());
  beforeEach(() => {
    system = new FakeSystem();
    sent = [];
    send = () => {};
    clock += 60_000;
    parts = start();
  });

  const specOf = (
    name: string,
    approvals: EnvironmentSpec['approvals'],
  ): ModelSpec => {
    const spec = modelSpecFromEntity(modelEntity(name));
    return {
      ...spec,
      environments: [
        {
          name: 'production',
          deploy: 'manual',
          target: { provider: 'fake' },
          gates: [{ metric: 'accuracy', min: 0.92 }],
          approvals,
        },
      ],
    };
  };
  /** A model of its own, so that tests do not meet. */
  const model = async (
    approvals: Partial<NonNullable<EnvironmentSpec['approvals']>> = {},
  ) => {
    models += 1;
    const spec = specOf(`asks-${models}`, {
      required: 1,
      from: [REVIEWERS],
      ...approvals,
    });
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(spec.entityRef, fakeVersion(1));
    await stores.versions.upsert(spec.entityRef, fakeVersion(2));
    return spec;
  };
  const request = (spec: ModelSpec, overrides: object = {}) =>
    parts.delivery.deploy(spec, {
      environment: 'production',
      version: '0.1.0',
      reason: 'It is better',
      by: ADA,
      automatic: false,
      override: false,
      requestKey: `${spec.entityRef} ${Math.random()}`,
      ...overrides,
    });
  const approve = (
    spec: ModelSpec,
    deploymentId: string,
    by = person('jonas'),
    gateHash?: string,
  ) =>
    parts.approvals.approve(spec, {
      deploymentId,
      person: by,
      reason: null,
      gateHash,
    });
  const get = async (one: string) => (await stores.deployments.get(one))!;
  const messagesOf = async (one: string) =>
    (await stores.deployments.events(one)).map(event => event.message);
  const settle = async () => {
    for (let n = 0; n < 4; n += 1) {
      await parts.round();
      clock += 1000;
    }
  };

  it('sends nothing until the approval that completes what is required', async () => {
    const spec = await model({ required: 2 });
    const { id: one, state, waits } = await request(spec);
    expect(state).toBe('waiting');
    expect(waits[0].message).toBe(
      'Waits for 2 approvals of ml-reviewers; 0 of 2 given.',
    );
    await settle();
    await approve(spec, one);
    await settle();
    expect(await get(one)).toMatchObject({
      state: 'waiting',
      message: 'Waits for 2 approvals of ml-reviewers; 1 of 2 given.',
    });
    expect(system.dispatched).toEqual([]);
    await approve(spec, one, person('mei'));
    await settle();
    expect((await get(one)).state).toBe('live');
    expect(system.dispatched).toEqual([one]);
  });

  it('counts a person once', async () => {
    const spec = await model({ required: 2 });
    const { id: one } = await request(spec);
    await approve(spec, one);
    await approve(spec, one);
    expect(await stores.approvals.of(one)).toHaveLength(1);
    expect((await get(one)).state).toBe('waiting');
  });

  it('makes one release of 100 approvals at once', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        approve(spec, one, person(`p${n}`)),
      ),
    );
    const refused = results.flatMap(r =>
      r.status === 'rejected' ? [r.reason.name] : [],
    );
    expect(refused).toEqual(Array(99).fill('ConflictError'));
    await settle();
    const states = (await stores.deployments.events(one)).map(e => e.state);
    expect(states.filter(state => state === 'requested')).toHaveLength(1);
    expect(system.dispatched).toEqual([one]);
    expect(await stores.approvals.of(one)).toHaveLength(1);
  });

  it.each([
    [
      'the requester',
      person('ada'),
      /nobody decides on a request of their own/,
    ],
    ['an outsider', person('kim', []), /belongs to none of the groups/],
  ])('refuses %s, with the reason', async (_, who, why) => {
    const spec = await model();
    const { id: one } = await request(spec);
    await expect(approve(spec, one, who)).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: expect.stringMatching(why),
    });
    await expect(
      parts.approvals.reject(spec, {
        deploymentId: one,
        person: who,
        reason: 'No',
      }),
    ).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(await stores.approvals.of(one)).toEqual([]);
    expect((await get(one)).state).toBe('waiting');
  });

  it('ends with a rejection, and keeps its reason', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    await parts.approvals.reject(spec, {
      deploymentId: one,
      person: person('jonas'),
      reason: 'The labels are wrong',
    });
    expect(await get(one)).toMatchObject({
      state: 'rejected',
      message: 'Rejected. Reason: The labels are wrong',
      finishedAt: at(),
    });
    await expect(approve(spec, one, person('mei'))).rejects.toThrow(
      /it was rejected/,
    );
  });

  it('refuses an approval of a request that was withdrawn', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    await parts.delivery.cancel(spec.entityRef, one, ADA, anyone);
    expect(await get(one)).toMatchObject({ state: 'cancelled' });
    await expect(approve(spec, one)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('was withdrawn'),
    });
  });

  describe('an approval', () => {
    const worse = fakeVersion(1, {
      metrics: [{ ...fakeVersion(1).metrics[0], value: 0.93 }],
    });

    it('lapses when the gate results change, and says so', async () => {
      const spec = await model({ required: 2 });
      const { id: one } = await request(spec);
      await approve(spec, one);
      await stores.versions.upsert(spec.entityRef, worse);
      await stores.waiting.markDue(spec.entityRef, at());
      await settle();
      expect(await messagesOf(one)).toContain(
        'The approval of user:default/jonas lapsed: The gate results changed.',
      );
      expect(await stores.approvals.of(one)).toMatchObject([
        { lapsed: { reason: 'The gate results changed.' } },
      ]);
      await approve(spec, one, person('mei'));
      expect((await get(one)).state).toBe('waiting');
      await approve(spec, one);
      expect((await get(one)).state).toBe('requested');
    });

    it('lapses when the digest of the version changes', async () => {
      const spec = await model({ required: 2 });
      const { id: one } = await request(spec);
      await approve(spec, one);
      await stores.versions.upsert(
        spec.entityRef,
        fakeVersion(1, { digest: `sha256:${'f'.repeat(64)}` }),
      );
      await stores.waiting.markDue(spec.entityRef, at());
      await settle();
      expect(await messagesOf(one)).toContain(
        'The approval of user:default/jonas lapsed: The digest of 0.1.0 changed.',
      );
    });

    it('is refused for results that the person did not see', async () => {
      const spec = await model();
      const { id: one } = await request(spec);
      const { gateHash } = await get(one);
      await stores.versions.upsert(spec.entityRef, worse);
      await expect(
        approve(spec, one, person('jonas'), gateHash!),
      ).rejects.toThrow(/gate results have changed since you opened/);
      await approve(spec, one, person('jonas'), (await get(one)).gateHash!);
      expect((await get(one)).state).toBe('requested');
    });

    it('blocks the deployment instead where a gate fails now', async () => {
      const spec = await model();
      const { id: one } = await request(spec);
      await stores.versions.upsert(
        spec.entityRef,
        fakeVersion(1, {
          metrics: [{ ...fakeVersion(1).metrics[0], value: 0.5 }],
        }),
      );
      await expect(approve(spec, one)).rejects.toThrow(/was blocked: Cannot/);
      expect(await get(one)).toMatchObject({
        state: 'blocked',
        gates: [expect.objectContaining({ outcome: 'fail' })],
      });
    });
  });

  it('follows the entity while it waits', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    const two = specOf(spec.name, {
      required: 1,
      from: ['group:default/other'],
    });
    await stores.models.upsert(two, [], at());
    await stores.waiting.markDue(spec.entityRef, at());
    await settle();
    await expect(approve(two, one)).rejects.toMatchObject({
      name: 'NotAllowedError',
    });
    const open = specOf(spec.name, undefined);
    await stores.models.upsert(open, [], at());
    await stores.waiting.markDue(spec.entityRef, at());
    await settle();
    expect((await get(one)).state).toBe('live');
  });

  it('blocks what waits for an environment that is not declared any more', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    await stores.models.upsert({ ...spec, environments: [] }, [], at());
    await stores.waiting.markDue(spec.entityRef, at());
    await settle();
    expect(await get(one)).toMatchObject({
      state: 'blocked',
      message: expect.stringContaining('has no environments'),
    });
  });

  it('expires by itself, and asks nobody any more', async () => {
    const spec = await model({ expiresAfter: '2d' });
    const { id: one } = await request(spec);
    await settle();
    clock += 2 * DAY_MS;
    await settle();
    expect(await get(one)).toMatchObject({
      state: 'cancelled',
      message: expect.stringMatching(/^Expired/),
    });
    const { items } = await stores.approvals.waitingFor(
      person('jonas'),
      undefined,
      { limit: 20 },
    );
    expect(items.map(item => item.id)).not.toContain(one);
  });

  it('costs nothing while it waits', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    await settle();
    const due = await stores.execution.claim('fake', {
      now: new Date(clock + 6 * DAY_MS).toISOString(),
      until: at(),
      limit: 100,
    });
    expect(due.map(held => held.id)).not.toContain(one);
  });

  it('waits for the deployment that is open, and starts when that has ended', async () => {
    const spec = await model();
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const first = await stores.deployments.create(
      newDeployment(spec, {
        version: '0.2.0',
        targetKey: `fake:${spec.name}/production`,
      }),
      at(),
    );
    await settle();
    const { id: one } = await request(spec);
    await approve(spec, one);
    expect(await get(one)).toMatchObject({
      state: 'waiting',
      message: expect.stringContaining(
        'It starts when the deployment of 0.2.0 has ended.',
      ),
    });
    system.progress.set(first.deployment.id, {
      phase: 'live',
      message: 'Answers.',
      at: at(),
    });
    system.onDeploy = () => ({ phase: 'live', message: 'Ok.', at: at() });
    await settle();
    expect((await get(one)).state).toBe('live');
  });

  it('leaves the environment free for a roll back or an override meanwhile', async () => {
    const spec = await model();
    const { id: waiting } = await request(spec);
    const urgent = await request(spec, {
      version: '0.2.0',
      override: true,
      reason: 'Production is down; this is the fix.',
    });
    expect(urgent).toMatchObject({ state: 'requested', overridden: true });
    await settle();
    expect((await get(urgent.id)).state).toBe('live');
    expect((await get(waiting)).state).toBe('waiting');
  });

  it('lets one deployment wait per environment, and names the first', async () => {
    const spec = await model();
    const { id: one } = await request(spec);
    await expect(request(spec, { version: '0.2.0' })).rejects.toMatchObject({
      name: 'ConflictError',
      deploymentId: one,
      message: expect.stringContaining('cancel it to request another one'),
    });
  });

  describe('with notByAuthors', () => {
    const authors = (...emails: string[]) => {
      system.authors = async () =>
        emails.map(email => ({ name: email, email }));
    };
    const written = async () => {
      const spec = await model({ notByAuthors: true });
      const { id: one } = await request(spec);
      return { spec, one };
    };

    it('does not count who alone wrote the commits', async () => {
      authors('Jonas@acme.example', 'jonas@acme.example');
      const { spec, one } = await written();
      await expect(approve(spec, one)).rejects.toThrow(
        /jonas alone wrote the commits/,
      );
      await approve(spec, one, person('mei'));
      expect((await get(one)).state).toBe('requested');
    });

    it('counts one of several authors', async () => {
      authors('jonas@acme.example', 'ada@acme.example');
      const { spec, one } = await written();
      await approve(spec, one);
      expect((await get(one)).state).toBe('requested');
    });

    it('counts nobody while the authors are unknown, and says why', async () => {
      const { spec, one } = await written();
      await expect(approve(spec, one)).rejects.toThrow(
        /It is unknown who wrote the commits.*No source of the model can tell/,
      );
      authors('ada@acme.example');
      await approve(spec, one);
      expect((await get(one)).state).toBe('requested');
    });

    it('counts nobody without an e-mail address in the catalog', async () => {
      authors('ada@acme.example');
      const { spec, one } = await written();
      await expect(
        approve(spec, one, { ...person('jonas'), email: null }),
      ).rejects.toThrow(/no e-mail address in the catalog/);
    });
  });

  describe('a notification', () => {
    const about = (spec: ModelSpec) =>
      sent.filter(({ payload }) => payload.title.includes(`${spec.name} `));
    const told = (spec: ModelSpec) =>
      about(spec).map(({ recipients, payload }) => [
        (recipients as { entityRef: string[] }).entityRef.join(),
        payload.title,
      ]);

    it('reaches the groups that are asked, then the requester', async () => {
      const spec = await model();
      const { id: one } = await request(spec);
      await settle();
      await approve(spec, one);
      await settle();
      expect(told(spec)).toEqual([
        [REVIEWERS, `Approve ${spec.name} 0.1.0 for production?`],
        [ADA, `${spec.name} 0.1.0 in production was released`],
        [ADA, `${spec.name} 0.1.0 in production is live`],
      ]);
      const [asked] = about(spec);
      expect(asked.recipients).toMatchObject({ excludeEntityRef: ADA });
      expect(asked.payload).toMatchObject({
        link: `/catalog/default/mlmodel/${spec.name}/delivery?deployment=${one}`,
        description: 'ada: It is better',
        scope: `model-delivery:${one}:waiting`,
      });
      expect(await stores.notices.of(one)).toMatchObject([
        { state: 'waiting', recipients: [REVIEWERS], problem: null },
        { state: 'requested' },
        { state: 'live' },
      ]);
    });

    it('is sent again until the plugin takes it, and holds nothing up', async () => {
      const spec = await model();
      send = () => {
        throw new Error('Failed to send notifications: Error: down');
      };
      const { id: one } = await request(spec);
      await settle();
      expect((await get(one)).problem).toMatchObject({ effect: 'notify' });
      await approve(spec, one);
      await settle();
      expect((await get(one)).state).toBe('live');
      send = () => {};
      clock += 10 * 60_000;
      await settle();
      expect(told(spec).map(([, title]) => title)).toEqual([
        `${spec.name} 0.1.0 in production was released`,
        `${spec.name} 0.1.0 in production is live`,
      ]);
      expect((await get(one)).problem).toBeNull();
    });

    it('is not tried again where the plugin is not installed', async () => {
      const spec = await model();
      send = () => {
        throw new Error('Error: Request failed with status 404');
      };
      const { id: one } = await request(spec);
      await settle();
      expect(await stores.notices.of(one)).toMatchObject([
        { problem: expect.stringContaining('not installed') },
      ]);
      expect((await get(one)).problem).toBeNull();
    });
  });

  describe('the list of what waits for a person', () => {
    it('has what asks a group of the person and was not decided, in pages', async () => {
      const reviewers = `group:default/only-${id.toLocaleLowerCase('en-US')}`;
      const who = person('jonas', [reviewers, 'group:default/second']);
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        clock += 1000;
        const spec = await model({
          required: 2,
          from: [reviewers, 'group:default/second'],
        });
        ids.unshift((await request(spec)).id);
      }
      const page = (cursor?: string) =>
        stores.approvals.waitingFor(who, undefined, { limit: 2, cursor });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { items, nextCursor } = await page(cursor);
        seen.push(...items.map(item => item.id));
        cursor = nextCursor;
      } while (cursor);
      expect(seen).toEqual(ids);
      const spec = await stores.models.get((await get(ids[0])).entityRef);
      await approve(spec!.spec, ids[0], who);
      expect((await page()).items.map(item => item.id)).toEqual(
        ids.slice(1, 3),
      );
      const own = await stores.approvals.waitingFor(
        { ...who, by: ADA },
        undefined,
        { limit: 20 },
      );
      expect(own.items).toEqual([]);
    });
  });
});
