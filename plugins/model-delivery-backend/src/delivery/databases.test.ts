import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type ModelSpec,
  modelSpecFromEntity,
  rolloutStrategy,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { deliveryParts, newDeployment } from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';
import { planRollout } from '../policy/planRollout';
import { AutomaticRollback } from './AutomaticRollback';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const MINUTE = 60_000;
const rollout = planRollout(
  rolloutStrategy.parse({
    shadow: { duration: '2m' },
    canary: [10, 50],
    interval: '2m',
  }),
);

describe.each(databases.eachSupportedId())('on %s', id => {
  let knex: Knex;
  let stores: Stores;
  let system: FakeSystem;
  let spec: ModelSpec;
  let clock = Date.UTC(2026, 0, 1);
  let models = 0;
  const now = () => new Date(clock);
  const at = () => now().toISOString();
  const process = () => deliveryParts({ stores, system, now });
  type Process = ReturnType<typeof process>;

  beforeAll(async () => {
    knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
  });
  afterAll(() => knex.destroy());
  // A model of its own, so that tests do not meet.
  beforeEach(async () => {
    models += 1;
    system = new FakeSystem();
    spec = modelSpecFromEntity(modelEntity(`model-${models}`));
    spec.environments[1].automaticRollback = { bakeTime: '30m' };
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(
      spec.entityRef,
      fakeVersion(1),
      fakeVersion(2),
    );
  });

  /** Lets that much time pass, with a step of every process each half minute. */
  const pass = async (minutes: number, ...processes: Process[]) => {
    for (let half = 0; half < 2 * minutes; half += 1) {
      clock += MINUTE / 2;
      await Promise.all(processes.map(one => one.round()));
    }
  };
  const goLive = async (
    version: string,
    parts: Process,
    overrides: Parameters<typeof newDeployment>[1] = {},
  ) => {
    const { deployment } = await stores.deployments.create(
      newDeployment(spec, { version, ...overrides }),
      at(),
    );
    await pass(1, parts);
    return deployment.id;
  };
  const production = async () =>
    (await stores.live.current(spec.entityRef)).get('production')!.version;
  const order = { environment: 'production', reason: 'Alarms', by: 'user:x' };

  it('lets two workers carry out one roll-out, each shift and each event once', async () => {
    const workers = [process(), process()];
    await goLive('0.1.0', workers[0]);
    system.onDeploy = () => ({
      phase: 'rolling-out',
      message: 'The candidate is ready.',
      weight: 0,
    });
    const { deployment } = await stores.deployments.create(
      newDeployment(spec, { version: '0.2.0', rollout }),
      at(),
    );
    await pass(12, ...workers);
    expect(await production()).toBe('0.2.0');
    expect(system.splits.map(([, { weight }]) => weight)).toEqual([
      0, 10, 50, 100,
    ]);
    expect(system.dispatched.filter(one => one === deployment.id)).toHaveLength(
      1,
    );
    const events = await stores.deployments.events(deployment.id);
    expect(events.map(({ state }) => state)).toEqual([
      'requested',
      'in-progress',
      'rolling-out',
      'rolling-out',
      'rolling-out',
      'rolling-out',
      'live',
    ]);
  });

  it('rolls back by itself, once, however many processes see the monitor break', async () => {
    const parts = process();
    await goLive('0.1.0', parts);
    await goLive('0.2.0', parts);
    clock += MINUTE;
    await stores.monitors.put(
      spec.entityRef,
      {
        name: 'latency-p95',
        signal: 'latency',
        environment: 'production',
        provider: 'fake',
        unit: 's',
        state: 'critical',
        reason: '710 ms > 500 ms',
        since: at(),
        reading: null,
        warning: null,
        critical: { above: 0.5 },
      },
      at(),
    );
    const automatic = () =>
      new AutomaticRollback({
        stores,
        rollbacks: process().rollbacks,
        logger: mockServices.logger.mock(),
        now,
      });
    await Promise.all(
      [automatic(), automatic(), automatic()].map(one => one.consider(spec)),
    );
    await pass(1, parts);
    expect(await production()).toBe('0.1.0');
    const { items } = await stores.deployments.list(
      spec.entityRef,
      { action: 'rollback' },
      { limit: 10 },
    );
    expect(items).toHaveLength(1);
  });

  it('brings the live version back where other bytes are served in its place', async () => {
    const parts = process();
    await goLive('0.1.0', parts);
    const digests = [`sha256:${'f'.repeat(64)}`, fakeVersion(1).digest!];
    system.onDeploy = () => ({
      phase: 'live',
      message: 'Answers.',
      at: at(),
      digest: digests.shift()!,
    });
    const failed = await goLive('0.2.0', parts);
    expect((await stores.deployments.get(failed))!.state).toBe('failed');
    await pass(2, parts);
    const { items } = await stores.deployments.list(
      spec.entityRef,
      { action: 'rollback' },
      { limit: 10 },
    );
    expect(items).toEqual([
      expect.objectContaining({ version: '0.1.0', state: 'live' }),
    ]);
  });

  /** Deploys the second version outside, while the first one is live. */
  const changeOutside = async (parts: Process) => {
    await goLive('0.1.0', parts);
    clock += MINUTE;
    const { version, digest } = fakeVersion(2);
    await stores.live.putState(
      spec.entityRef,
      'production',
      {
        live: { version, digest, deploymentId: null, by: 'ada' },
        status: 'ready',
        message: null,
        endpoint: null,
      },
      at(),
    );
  };
  const adopt = () =>
    process().rollbacks.adopt(spec, { ...order, requestKey: spec.name });

  it('adopts what was deployed outside, and deploys nothing', async () => {
    const parts = process();
    await changeOutside(parts);
    const dispatched = system.dispatched.length;
    const adopted = await adopt();
    expect(adopted).toMatchObject({ state: 'live', version: '0.2.0' });
    expect(await adopt()).toMatchObject({ id: adopted.id });
    await pass(1, parts);
    expect(await production()).toBe('0.2.0');
    expect(system.dispatched).toHaveLength(dispatched);
  });

  it('adopts whole or not at all, wherever the process ends', async () => {
    await changeOutside(process());
    const { config } = knex.client;
    /** From this statement on, none is answered. */
    const end = { after: 0, reached: true };
    while (end.reached) {
      end.after += 1;
      end.reached = false;
      config.postProcessResponse = endingAfter(end);
      await adopt().catch(() => undefined);
      delete config.postProcessResponse;
      const { items } = await stores.deployments.list(
        spec.entityRef,
        {},
        { limit: 10 },
      );
      const adopted = items.map(d => `${d.version} ${d.state}`);
      expect([adopted, await production()]).toEqual(
        items.length > 1
          ? [['0.2.0 live', '0.1.0 superseded'], '0.2.0']
          : [['0.1.0 live'], '0.1.0'],
      );
    }
    expect(end.after).toBeGreaterThan(15);
    expect(await production()).toBe('0.2.0');
  });
});

/** Lets a process answer so many statements, and then no more. */
function endingAfter(end: { after: number; reached: boolean }) {
  let statements = 0;
  return (result: unknown) => {
    statements += 1;
    end.reached = statements >= end.after;
    if (end.reached) throw new Error('killed');
    return result;
  };
}
