import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type FeedbackRule,
  type JudgedSample,
  modelSpecFromEntity,
  type MonitorState,
} from '@slipway/plugin-model-delivery-common/schema';
import { modelEntity } from '../__testUtils__/fakes';
import { judgeReading } from '../policy/monitors';
import { connect } from './migrate';
import { createStores, type Stores } from './stores';

jest.setTimeout(60_000);

// PostgreSQL takes part where its connection string is given; `npm test` starts one.
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('incidents on %s', id => {
  let stores: Stores;
  let close: () => Promise<void>;
  let models = 0;
  let ref: string;
  const at = (second: number) =>
    new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const samples: JudgedSample[] = [
    { at: at(0), value: 0.4, state: 'critical' },
  ];
  const rule = (is: 'warning' | 'critical' = 'critical'): FeedbackRule => ({
    when: { monitor: 'drift', is, count: 1, of: 1 },
    then: 'retrain',
  });
  const open = (number = 1, key = 'drift/critical/retrain') =>
    stores.incidents.open(
      {
        entityRef: ref,
        environment: 'production',
        version: '0.1.0',
        rule: rule(),
        ruleKey: key,
        number,
        samples,
        message: 'drift was critical.',
      },
      at(number),
    );
  const claim = () =>
    stores.incidents.claimDue({ now: at(50), until: at(59), limit: 100 });
  const closing = {
    phase: 'closed' as const,
    cause: 'recovered' as const,
    message: 'Over.',
    dueAt: null,
    events: [{ type: 'closed' as const, by: 'system', message: 'Over.' }],
  };
  const training = {
    phase: 'training' as const,
    message: 'Training.',
    dueAt: at(55),
    events: [{ type: 'action' as const, by: 'system', message: 'Training.' }],
  };

  beforeAll(async () => {
    const knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
    close = () => knex.destroy();
  });
  beforeEach(() => {
    models += 1;
    ref = `mlmodel:default/model-${models}`;
  });
  afterEach(async () => {
    for (const incident of await stores.incidents.openOf(ref)) {
      await stores.incidents.move(incident, closing, at(58));
    }
  });
  afterAll(() => close());

  it('opens one, however many replicas see its rule break', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => open()));
    expect(opened.filter(Boolean)).toHaveLength(1);
    const [{ id: only }] = await stores.incidents.openOf(ref);
    expect(await stores.incidents.thread(only)).toEqual([
      expect.objectContaining({ type: 'opened', samples, by: 'system' }),
    ]);
  });

  it('does not open one again for a replica that saw the one before', async () => {
    await open();
    const [first] = await stores.incidents.openOf(ref);
    expect(await stores.incidents.move(first, closing, at(3))).toBe(true);
    expect(await open()).toBeUndefined();
    expect(await open(2)).toBeDefined();
    const newest = await stores.incidents.newestOf(ref, [
      'drift/critical/retrain',
    ]);
    expect(newest.get('drift/critical/retrain')).toMatchObject({
      number: 2,
      closedAt: null,
    });
  });

  it('gives a model one training at a time, to incidents that ask at once', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await open(1, key);
    const held = await claim();
    const begun = await Promise.all(
      held.map(one => stores.incidents.beginRetrain(one, training, 9, at(51))),
    );
    expect([...begun].sort()).toEqual(['begun', 'busy', 'busy', 'busy']);
    expect(await stores.incidents.isTraining(ref)).toBe(true);
  });

  it('never exceeds the budget, in whatever order the incidents ask', async () => {
    for (const key of ['a', 'b', 'c']) await open(1, key);
    const outcomes = [];
    for (const one of await claim()) {
      outcomes.push(
        await stores.incidents.beginRetrain(one, training, 2, at(51)),
      );
      const now = await stores.incidents.get(ref, one.id);
      if (now!.phase === 'training') {
        await stores.incidents.move(now!, closing, at(52));
      }
    }
    expect(outcomes).toEqual(['begun', 'begun', 'spent']);
    expect(await stores.incidents.retrainedSince(ref, at(0))).toHaveLength(2);
    expect(await stores.incidents.isTraining(ref)).toBe(false);
  });

  it('writes nothing for one who lost the lease, or saw an older one', async () => {
    await open();
    const [held] = await claim();
    expect(await claim()).toEqual([]);
    await stores.incidents.markDue(ref, at(51));
    expect(await stores.incidents.move(held, closing, at(52))).toBe(false);
    expect(await stores.incidents.beginRetrain(held, training, 9, at(52))).toBe(
      'lost',
    );
    const [now] = await stores.incidents.openOf(ref);
    const other = { ...now, leaseToken: 'of another' };
    expect(await stores.incidents.move(other, closing, at(52))).toBe(false);
    expect(await stores.incidents.thread(now.id)).toHaveLength(1);
  });

  it('lists them by page, newest first, open and closed apart', async () => {
    for (const number of [1, 2, 3]) {
      await open(number);
      const [one] = await stores.incidents.openOf(ref);
      if (number < 3) await stores.incidents.move(one, closing, at(4));
    }
    const first = await stores.incidents.list(ref, {}, { limit: 2 });
    expect(first.items.map(i => i.number)).toEqual([3, 2]);
    const cursor = first.nextCursor;
    const second = await stores.incidents.list(ref, {}, { limit: 2, cursor });
    expect(second.items.map(i => i.number)).toEqual([1]);
    const closed = await stores.incidents.list(
      ref,
      { open: false },
      { limit: 9 },
    );
    expect(closed.items.map(i => i.number)).toEqual([2, 1]);
  });

  it('keeps what was switched off apart, by model and for all', async () => {
    const order = { by: 'user:default/ada', reason: 'The labels are wrong' };
    await stores.switches.set(ref, { on: false, ...order }, at(1));
    await stores.switches.set(null, { on: false, ...order }, at(2));
    expect((await stores.switches.off(ref)).map(s => s.scope)).toEqual([
      'all',
      'model',
    ]);
    expect(await stores.switches.off('mlmodel:default/other')).toEqual([
      { scope: 'all', ...order, since: at(2) },
    ]);
    await stores.switches.set(null, { on: true, ...order }, at(3));
    await stores.switches.set(ref, { on: true, ...order }, at(3));
    expect(await stores.switches.off(ref)).toEqual([]);
  });

  it('keeps the state of a sample, and only of one that says something', async () => {
    const spec = modelSpecFromEntity(modelEntity());
    const [monitor] = spec.monitors;
    const put = async (second: number, value: number | null) =>
      stores.monitors.put(
        ref,
        judgeReading(
          monitor,
          {
            at: at(second),
            value,
            insufficient: value === null,
            reason: null,
            parts: [],
            version: null,
            unavailable: false,
            alerts: [],
            alertsUnknown: null,
          },
          undefined,
        ),
        at(second),
      );
    await put(1, 0.9);
    await put(2, null);
    await put(3, 0.1);
    const states = async (limit: number): Promise<MonitorState[]> =>
      (await stores.monitors.judged(ref, monitor.name, at(0), limit)).map(
        s => s.state,
      );
    expect(await states(9)).toEqual(['critical', 'healthy']);
    expect(await states(1)).toEqual(['healthy']);
  });
});
