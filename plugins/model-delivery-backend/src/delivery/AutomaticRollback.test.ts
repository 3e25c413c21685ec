import { mockServices } from '@backstage/backend-test-utils';
import {
  type Monitor,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { deliveryParts, newDeployment } from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { AutomaticRollback } from './AutomaticRollback';

const MINUTE = 60_000;
const spec = modelSpecFromEntity(modelEntity());
spec.environments[1] = {
  ...spec.environments[1],
  deploy: 'automatic',
  automaticRollback: { bakeTime: '30m' },
};
const ref = spec.entityRef;

describe('AutomaticRollback', () => {
  let system: FakeSystem;
  let stores: Stores;
  let knex: Knex;
  let clock: number;
  let parts: ReturnType<typeof deliveryParts>;
  let rollbacks: AutomaticRollback;
  const now = () => new Date(clock);
  const at = () => now().toISOString();

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    system = new FakeSystem();
    parts = deliveryParts({ stores, system, now });
    rollbacks = new AutomaticRollback({
      stores,
      rollbacks: parts.rollbacks,
      logger: mockServices.logger.mock(),
      now,
    });
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(
      ref,
      fakeVersion(1),
      fakeVersion(2),
      fakeVersion(3),
    );
  });
  afterEach(() => knex.destroy());

  const goLive = async (version: string, overrides: object = {}) => {
    clock += MINUTE;
    const { deployment } = await stores.deployments.create(
      newDeployment(spec, { version, ...overrides }),
      at(),
    );
    await parts.round();
    clock += 1_000;
    await parts.round();
    return deployment.id;
  };
  const breaks = async (overrides: Partial<Monitor> = {}) => {
    const monitor: Monitor = {
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
      ...overrides,
    };
    await stores.monitors.put(ref, monitor, at());
  };
  const production = async () =>
    (await stores.live.current(ref)).get('production')!.version;
  const listed = async () =>
    (await stores.deployments.list(ref, {}, { limit: 50 })).items;
  const settle = async () => {
    clock += 1_000;
    await parts.round();
    clock += 1_000;
    await parts.round();
  };

  it('goes back to the version before, once, with the reason and a hold', async () => {
    await goLive('0.1.0');
    await goLive('0.2.0');
    clock += 4 * MINUTE;
    await breaks();
    expect(await rollbacks.consider(spec)).toBe(true);
    const [back] = await listed();
    expect(back).toMatchObject({
      action: 'rollback',
      version: '0.1.0',
      fromVersion: '0.2.0',
      requestedBy: 'system',
      automatic: true,
      reason:
        'Automatic roll back: latency-p95 became critical 4 min after 0.2.0 went live: 710 ms > 500 ms',
    });
    expect((await stores.holds.current(ref)).get('production')).toMatchObject({
      version: '0.2.0',
      by: 'system',
    });
    await rollbacks.consider(spec);
    await settle();
    await rollbacks.consider(spec);
    expect(await production()).toBe('0.1.0');
    expect(await listed()).toHaveLength(3);
  });

  it('never rolls back a roll back', async () => {
    await goLive('0.1.0');
    await goLive('0.2.0');
    await goLive('0.1.0', { action: 'rollback' });
    await breaks();
    expect(await rollbacks.consider(spec)).toBe(false);
    expect(await listed()).toHaveLength(3);
  });

  it.each<[string, () => Partial<Monitor>]>([
    [
      'broke before the version was live',
      () => ({ since: new Date(clock - 2 * MINUTE).toISOString() }),
    ],
    [
      'broke after the bake time',
      () => ({ since: new Date(clock + 31 * MINUTE).toISOString() }),
    ],
    ['only warns', () => ({ state: 'warning' })],
    ['is unknown', () => ({ state: 'unknown' })],
    ['watches another environment', () => ({ environment: 'staging' })],
    [
      'read another version',
      () => ({
        reading: {
          at: at(),
          value: 1,
          insufficient: false,
          reason: null,
          parts: [],
          version: '0.1.0',
          unavailable: false,
          alerts: [],
          alertsUnknown: null,
        },
      }),
    ],
  ])('does nothing for a monitor that %s', async (_, overrides) => {
    await goLive('0.1.0');
    await goLive('0.2.0');
    await breaks(overrides());
    expect(await rollbacks.consider(spec)).toBe(false);
    expect(await listed()).toHaveLength(2);
  });

  it('waits until no deployment is open', async () => {
    await goLive('0.1.0');
    await goLive('0.2.0');
    await breaks();
    system.onDeploy = () => ({ phase: 'in-progress', message: 'Starting.' });
    const open = await goLive('0.3.0');
    expect(await rollbacks.consider(spec)).toBe(false);
    system.progress.set(open, { phase: 'failed', message: 'It ended.' });
    await settle();
    expect(await rollbacks.consider(spec)).toBe(true);
  });

  it('says once that there is no earlier stable version', async () => {
    const first = await goLive('0.1.0');
    await breaks();
    expect(await rollbacks.consider(spec)).toBe(false);
    await breaks({ reason: '900 ms > 500 ms' });
    expect(await rollbacks.consider(spec)).toBe(false);
    const said = (await stores.deployments.events(first)).filter(
      ({ message }) => message.startsWith('No automatic roll back'),
    );
    expect(said).toEqual([
      expect.objectContaining({
        state: 'live',
        by: 'system',
        message: expect.stringContaining('There is no earlier stable version'),
      }),
    ]);
  });

  it('does not go back to bytes that are not those that were live', async () => {
    await goLive('0.1.0');
    const second = await goLive('0.2.0');
    await stores.versions.upsert(
      ref,
      fakeVersion(1, { digest: `sha256:${'f'.repeat(64)}` }),
    );
    await breaks();
    expect(await rollbacks.consider(spec)).toBe(false);
    expect((await stores.deployments.events(second)).at(-1)!.message).toContain(
      '0.1.0 was served with the digest sha256:000',
    );
    expect(await production()).toBe('0.2.0');
  });

  it('does nothing where the environment does not declare it', async () => {
    await goLive('0.1.0');
    await goLive('0.2.0');
    await breaks();
    const plain = modelSpecFromEntity(modelEntity());
    expect(await rollbacks.consider(plain)).toBe(false);
  });
});
