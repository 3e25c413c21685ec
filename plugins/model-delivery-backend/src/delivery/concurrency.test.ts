import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import {
  anyone,
  deliveryParts,
  newDeployment,
} from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { until } from '../__testUtils__/until';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const LEASE_MS = 30_000;

describe.each(databases.eachSupportedId())('deliveries on %s', id => {
  let stores: Stores;
  let system: FakeSystem;
  let clock = Date.UTC(2026, 0, 1);
  let close: () => Promise<void>;
  let models = 0;
  const now = () => new Date(clock);
  const at = () => now().toISOString();
  const process = () => deliveryParts({ stores, system, now });

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
    clock += 60_000;
  });

  /** A model of its own, so that tests do not meet. */
  const model = async () => {
    models += 1;
    const spec = modelSpecFromEntity(modelEntity(`model-${models}`));
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(spec.entityRef, fakeVersion(1));
    return spec;
  };
  const request = async (
    spec: Awaited<ReturnType<typeof model>>,
    overrides: Parameters<typeof newDeployment>[1] = {},
  ) =>
    (await stores.deployments.create(newDeployment(spec, overrides), at()))
      .deployment;
  const stateOf = async (deploymentId: string) =>
    (await stores.deployments.get(deploymentId))!.state;

  it('lets two workers share 40 deployments, each dispatched once', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) ids.push((await request(await model())).id);
    const workers = [process(), process()];
    await until(async () => {
      await Promise.all(workers.map(worker => worker.round()));
      clock += 1000;
      const states = await Promise.all(ids.map(stateOf));
      return states.every(state => state === 'live');
    });
    expect([...system.dispatched].sort()).toEqual([...ids].sort());
    for (const one of ids) {
      const events = await stores.deployments.events(one);
      expect(events.map(e => e.state)).toEqual([
        'requested',
        'in-progress',
        'live',
      ]);
    }
  });

  it('changes nothing for an owner whose lease ended in the middle of a step', async () => {
    const { id: one } = await request(await model());
    let answer = () => {};
    const slow = jest.spyOn(system, 'deploy').mockImplementationOnce(
      () =>
        new Promise<void>(resolve => {
          answer = resolve;
        }),
    );
    const late = process();
    const step = late.round();
    await until(() => slow.mock.calls.length > 0);
    clock += LEASE_MS + 1;
    const other = process();
    await other.round();
    clock += 1000;
    await other.round();
    expect(await stateOf(one)).toBe('live');
    const before = await stores.deployments.get(one);
    answer();
    await step;
    expect(await stores.deployments.get(one)).toEqual(before);
    expect(await stores.deployments.events(one)).toHaveLength(3);
    expect(system.dispatched).toEqual([one]);
  });

  it('does not let a late owner release the lease of another', async () => {
    const { id: one } = await request(await model());
    const claim = async () => {
      const [held] = await stores.execution.claim('fake', {
        now: at(),
        until: new Date(clock + LEASE_MS).toISOString(),
        limit: 1,
      });
      return held;
    };
    const first = await claim();
    expect(first.id).toBe(one);
    expect(await claim()).toBeUndefined();
    clock += LEASE_MS + 1;
    const second = await claim();
    expect(second.id).toBe(one);
    await stores.execution.release(first, at());
    expect(await claim()).toBeUndefined();
    expect(
      await stores.execution.renew(first, new Date(clock).toISOString()),
    ).toBe(false);
    expect(
      await stores.execution.transition(
        first,
        { trigger: 'fail', message: 'Late.', by: 'system' },
        at(),
      ),
    ).toBeUndefined();
    await stores.execution.transition(
      second,
      { trigger: 'fail', message: 'Ended.', by: 'system' },
      at(),
    );
    expect(await stateOf(one)).toBe('failed');
  });

  it('starts a deployment to an environment only after the cancelled one has ended', async () => {
    const spec = await model();
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const first = await request(spec);
    const parts = process();
    await parts.round();
    await parts.delivery.cancel(
      spec.entityRef,
      first.id,
      'user:default/ada',
      anyone,
    );
    await expect(request(spec)).rejects.toMatchObject({
      first: { id: first.id },
    });
    clock += 1000;
    await parts.round();
    const second = await request(spec);
    await parts.round();
    expect(system.cancelled).toEqual([first.id]);
    expect(system.dispatched).toEqual([first.id, second.id]);
  });

  it('lets one of many concurrent requests win, and names the winner to the others', async () => {
    const spec = await model();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => request(spec)),
    );
    const won = results.flatMap(r =>
      r.status === 'fulfilled' ? [r.value.id] : [],
    );
    expect(won).toHaveLength(1);
    const named = results.flatMap(r =>
      r.status === 'rejected' ? [r.reason.first.id] : [],
    );
    expect(new Set(named)).toEqual(new Set(won));
    expect(named).toHaveLength(19);
  });

  it('does not let a system that never answers delay the deployments of another', async () => {
    const dead = new FakeSystem();
    Object.assign(dead, { id: 'dead' });
    jest.spyOn(dead, 'getProgress').mockImplementation(
      (_target, _id, context) =>
        new Promise((_, reject) => {
          context!.signal.addEventListener('abort', () =>
            reject(context!.signal.reason),
          );
        }),
    );
    const target = { provider: 'dead' };
    for (let n = 0; n < 40; n += 1) await request(await model(), { target });
    const { id: one } = await request(await model());
    const parts = deliveryParts({
      stores,
      system,
      now,
      others: [dead],
    });
    await parts.worker.claimDue();
    await until(async () => (await stateOf(one)) === 'live');
    expect(dead.getProgress).toHaveBeenCalledTimes(8);
    await parts.worker.stop();
  });
});
