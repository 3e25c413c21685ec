import { mockServices } from '@backstage/backend-test-utils';
import {
  type ModelSpec,
  modelSpecFromEntity,
  type MonitorAlert,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type MonitorProvider,
  ProviderError,
  type ProviderReading,
} from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import { FakeSystem, modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import { until } from '../__testUtils__/until';
import { sourceStatus } from '../aggregation/freshness';
import { sourceDetails } from '../aggregation/sourceDetails';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { declaredSources } from './declaredSources';
import { MonitorSyncer } from './MonitorSyncer';
import { SourceWorker } from './SourceWorker';

const ref = modelSpecFromEntity(modelEntity()).entityRef;
const alert: MonitorAlert = {
  name: 'TooSlow',
  state: 'firing',
  severity: 'warning',
  summary: '',
  since: '2026-01-01T00:00:00.000Z',
  url: null,
  silence: null,
};
const DOWN = new ProviderError('unavailable', 'Its alerts cannot be reached.');

describe('MonitorSyncer, where something cannot be read', () => {
  let knex: Knex;
  let stores: Stores;
  let registry: ProviderRegistry;
  let worker: SourceWorker;
  let spec: ModelSpec;
  let system: FakeSystem & Pick<MonitorProvider, 'readPast'>;
  let clock: number;
  let next: () => ProviderReading;
  const now = () => new Date(clock);
  const reading = (more: Partial<ProviderReading> = {}): ProviderReading => ({
    at: now().toISOString(),
    value: 0.04,
    insufficient: false,
    reason: null,
    parts: [],
    version: null,
    ...more,
  });

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    spec = modelSpecFromEntity(modelEntity());
    system = new FakeSystem();
    jest.spyOn(system, 'read').mockImplementation(async () => next() as never);
    registry = new ProviderRegistry();
    registry.add('monitors', system);
    const at = now().toISOString();
    await stores.models.upsert(spec, [], at);
    const monitors = declaredSources(spec, registry).filter(
      source => source.capability === 'monitors',
    );
    await stores.sources.declare(ref, monitors, at, { due: true });
    worker = new SourceWorker({
      stores,
      syncers: {
        monitors: new MonitorSyncer(
          stores,
          registry,
          now,
          async () => undefined,
        ),
      } as never,
      logger: mockServices.logger.mock(),
      onRead: async () => undefined,
      onOutcome: () => undefined,
      now,
    });
  });
  afterEach(async () => {
    await worker.stop();
    await knex.destroy();
  });

  /** Reads once more, a minute later. */
  const read = async (answer: () => ProviderReading) => {
    next = answer;
    clock += 60_000;
    await stores.sources.markDue({ entityRef: ref }, now().toISOString());
    worker.wake();
    await until(async () => {
      const [row] = await stores.sources.ofModel(ref);
      return row.dueAt > now().toISOString();
    });
  };
  const monitor = async () =>
    (await stores.monitors.all(ref)).get('latency-p95')!;
  const alertEvents = async () =>
    (await stores.monitors.events(ref, { kind: 'alert' }, { limit: 10 })).map(
      ({ to }) => to,
    );
  const source = async () => {
    const [row] = await stores.sources.ofModel(ref);
    return sourceStatus(row, 'Fake', clock);
  };

  it('keeps the value, the last known alerts and says so of the source', async () => {
    await read(() => reading({ alerts: [alert] }));
    await read(() => reading({ value: 0.06, alertsError: DOWN }));
    await read(() => reading({ value: 0.07, alertsError: DOWN }));
    expect(await monitor()).toMatchObject({
      state: 'warning',
      reading: {
        value: 0.07,
        alerts: [alert],
        alertsUnknown: {
          since: '2026-01-01T00:02:00.000Z',
          reason: DOWN.message,
        },
      },
    });
    expect(await alertEvents()).toEqual(['firing']);
    expect(await source()).toMatchObject({
      status: 'partial',
      fetchedAt: now().toISOString(),
      error: { kind: 'unavailable', message: DOWN.message },
    });
    const rows = await stores.sources.byProvider(now().toISOString());
    expect(
      sourceDetails(rows, registry, clock).find(
        ({ id }) => id === 'monitors:fake',
      ),
    ).toMatchObject({ status: 'partial', failing: 0 });
    const samples = await stores.monitors.samples(
      ref,
      'latency-p95',
      { from: '2026', to: '2027' },
      10,
    );
    expect(samples.map(({ value }) => value)).toEqual([0.04, 0.06, 0.07]);
  });

  it('heals by itself', async () => {
    await read(() => reading({ alerts: [alert] }));
    await read(() => reading({ alertsError: DOWN }));
    await read(() => reading());
    expect(await monitor()).toMatchObject({
      state: 'healthy',
      reading: { alerts: [], alertsUnknown: null },
    });
    expect(await alertEvents()).toEqual(['resolved', 'firing']);
    expect(await source()).toMatchObject({ status: 'ok', error: null });
  });

  it('resolves nothing where the monitor itself cannot be read', async () => {
    await read(() => reading({ alerts: [alert] }));
    await read(() => {
      throw new ProviderError('unsupported', 'It has no such template.');
    });
    expect(await monitor()).toMatchObject({
      state: 'unknown',
      reading: { alerts: [alert] },
    });
    expect(await alertEvents()).toEqual(['firing']);
    expect(await source()).toMatchObject({ status: 'ok' });
  });

  it('does not take what was known last for what is, where a reading does not hold', async () => {
    const { monitors } = modelSpecFromEntity(modelEntity());
    spec.monitors = [...monitors, { ...monitors[0], name: 'error-rate' }];
    await stores.models.upsert(spec, [], now().toISOString());
    await read(() => reading({ alerts: [alert] }));
    let odd = true;
    await read(() => {
      odd = !odd;
      return odd ? reading() : ({ ...reading(), value: '4 %' } as never);
    });
    const reason =
      'Fake system returned invalid data about monitor latency-p95: reading.value is "4 %": must be a number';
    expect(await monitor()).toMatchObject({
      state: 'unknown',
      reading: { value: null, reason, alerts: [alert] },
    });
    expect((await stores.monitors.all(ref)).get('error-rate')?.state).toBe(
      'healthy',
    );
    expect(await source()).toMatchObject({
      status: 'partial',
      error: { kind: 'bad-data', message: reason },
    });
  });

  it('keeps everything where no reading holds', async () => {
    await read(() => reading());
    await read(() => null as never);
    expect(await monitor()).toMatchObject({
      state: 'healthy',
      reading: { value: 0.04 },
    });
    expect(await source()).toMatchObject({
      status: 'stale',
      error: { kind: 'bad-data' },
    });
  });

  it('keeps the points of the past that hold, and names the one that does not', async () => {
    system.readPast = async () => [
      reading({ at: '2025-12-31T23:58:00.000Z' }),
      { at: 'before' } as never,
      reading({ at: '2025-12-31T23:59:00.000Z' }),
    ];
    await read(() => reading());
    expect(await source()).toMatchObject({
      status: 'partial',
      error: { message: expect.stringContaining('past[1].at is "before"') },
    });
    const samples = await stores.monitors.samples(
      ref,
      'latency-p95',
      { from: '2025', to: '2027' },
      10,
    );
    expect(samples).toHaveLength(3);
    expect(await monitor()).toMatchObject({ reading: { value: 0.04 } });
  });
});

describe('MonitorSyncer, of a source that keeps labels', () => {
  const MINUTE = 60_000;
  let knex: Knex;
  let stores: Stores;
  let spec: ModelSpec;
  let system: FakeSystem & Pick<MonitorProvider, 'getLabelled'>;
  let syncer: MonitorSyncer;
  let clock: number;
  const now = () => new Date(clock);
  const context = { signal: new AbortController().signal };
  const label = (index: number, isRight: boolean, version = '0.1.0') => ({
    id: `p${index}`,
    row: 0,
    version,
    predictedAt: now().toISOString(),
    labelledAt: new Date(clock - index * 1_000).toISOString(),
    predicted: 'a',
    label: isRight ? 'a' : 'b',
  });
  const labels = (right: number, wrong: number, version?: string) =>
    Array.from({ length: right + wrong }, (_, i) =>
      label(i, i < right, version),
    );

  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    clock = Date.UTC(2026, 0, 1);
    spec = modelSpecFromEntity(modelEntity());
    spec.monitors = [
      {
        name: 'accuracy',
        signal: 'quality',
        environment: 'production',
        source: { provider: 'fake' },
        quality: { metric: 'accuracy', window: '1h', minLabels: 10 },
        critical: { below: 0.8 },
      },
    ];
    system = new FakeSystem();
    const registry = new ProviderRegistry();
    registry.add('monitors', system);
    syncer = new MonitorSyncer(stores, registry, now, async () => undefined);
    await stores.models.upsert(spec, [], now().toISOString());
  });
  afterEach(() => knex.destroy());

  const goLive = async (version = '0.1.0') => {
    jest
      .spyOn(stores.live, 'current')
      .mockResolvedValue(new Map([['production', { version } as never]]));
  };
  const read = async (found: unknown) => {
    system.getLabelled = jest.fn(async () => found as never);
    const { missing } = await syncer.sync(spec, 'fake', context);
    return {
      monitor: (await stores.monitors.all(ref)).get('accuracy')!,
      missing,
    };
  };

  it('judges the labels of the live version, within the window', async () => {
    await goLive();
    const { monitor } = await read([
      ...labels(14, 6),
      ...labels(50, 0, '0.0.9'),
    ]);
    expect(monitor).toMatchObject({
      state: 'critical',
      unit: 'ratio',
      reason:
        '70 % < 80 %. 20 labels in the last 1h; 95 % interval 48.1 % to 85.45 %',
      reading: { version: '0.1.0', n: 20 },
    });
    expect(system.getLabelled).toHaveBeenCalledWith(
      expect.objectContaining({
        environment: 'production',
        target: { provider: 'fake' },
      }),
      { since: new Date(clock - 60 * MINUTE).toISOString(), limit: 2_000 },
      context,
    );
  });

  it('is insufficient below the minimum, and where nothing is live', async () => {
    expect((await read(labels(50, 0))).monitor).toMatchObject({
      state: 'insufficient',
      reason: 'Nothing is live in production.',
    });
    await goLive();
    expect((await read(labels(9, 0))).monitor).toMatchObject({
      state: 'insufficient',
      reason: '9 of 10 labels in the last 1h.',
    });
  });

  it('counts labels that stay the same as one sample of a rule', async () => {
    await goLive();
    const found = labels(5, 10);
    for (let i = 0; i < 3; i += 1) {
      await read(found);
      clock += MINUTE;
    }
    const samples = () => stores.monitors.judged(ref, 'accuracy', '', 10);
    expect(await samples()).toHaveLength(1);
    await read([label(0, false), ...found]);
    expect(await samples()).toHaveLength(2);
  });

  it('skips a label that does not hold, and says which', async () => {
    await goLive();
    const { monitor, missing } = await read([
      ...labels(20, 0),
      { ...label(3, true), label: null },
    ]);
    expect(monitor).toMatchObject({ state: 'healthy', reading: { n: 20 } });
    expect(missing?.message).toContain('labels[20].label');
  });

  it('shows what is wrong with the monitor itself, and fails with the source otherwise', async () => {
    await goLive();
    system.getLabelled = async () => {
      throw new ProviderError('not-found', 'No such service.');
    };
    await syncer.sync(spec, 'fake', context);
    expect((await stores.monitors.all(ref)).get('accuracy')).toMatchObject({
      state: 'unknown',
      reason: 'No such service.',
    });
    system.getLabelled = async () => {
      throw DOWN;
    };
    await expect(syncer.sync(spec, 'fake', context)).rejects.toBe(DOWN);
  });
});
