import { randomUUID } from 'node:crypto';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  modelSpecFromEntity,
  type Monitor,
  type MonitorEvent,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { newDeployment } from '../__testUtils__/deliveryParts';
import { fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { modelEvents } from '../aggregation/modelEvents';
import { AlreadyOpenError } from './DeploymentStore';
import type { NewDeployment, StoredDeployment } from './deploymentRows';
import { connect } from './migrate';
import { createStores, type Stores } from './stores';

jest.setTimeout(60_000);

// PostgreSQL takes part where its connection string is given; `npm test` starts one.
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('the stores on %s', id => {
  let stores: Stores;
  let close: () => Promise<void>;
  let knex: Knex;
  const spec = modelSpecFromEntity(modelEntity());
  const ref = spec.entityRef;
  const healthyMonitor: Monitor = {
    name: 'latency-p95',
    signal: 'latency',
    environment: 'production',
    provider: 'fake',
    unit: 's',
    state: 'healthy',
    reason: '',
    since: null,
    reading: null,
    warning: null,
    critical: null,
  };
  const event = (
    overrides: Partial<MonitorEvent>,
  ): Omit<MonitorEvent, 'id'> => ({
    at: '',
    monitor: 'latency-p95',
    environment: 'production',
    kind: 'state',
    alert: null,
    from: 'healthy',
    to: 'critical',
    reason: '',
    ...overrides,
  });
  const at = (second: number) =>
    new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

  beforeAll(async () => {
    knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
    close = () => knex.destroy();
    await stores.models.upsert(
      spec,
      [{ key: 'kind', value: 'mlmodel' }],
      at(0),
    );
  });
  afterAll(() => close());

  const claim = (now: number, until: number) =>
    stores.sources.claimDue('fake', {
      now: at(now),
      until: at(until),
      limit: 10,
    });
  const end = (open: StoredDeployment) =>
    stores.execution.transition(
      open,
      { trigger: 'fail', message: 'No.', by: 'system' },
      at(2),
    );

  const deployment = (overrides: Partial<NewDeployment> = {}) =>
    newDeployment(spec, { environment: 'staging', ...overrides });

  it('knows whether anything about a model is new', async () => {
    const keys = [{ key: 'kind', value: 'mlmodel' }];
    expect(await stores.models.upsert(spec, keys, at(1))).toBe(false);
    const { changeKey } = (await stores.models.get(ref))!;
    expect(
      await stores.models.upsert({ ...spec, title: 'New' }, keys, at(2)),
    ).toBe(true);
    expect((await stores.models.get(ref))!.changeKey).toBe(changeKey);
  });

  it('pages versions newest first, without gap or repetition', async () => {
    for (let n = 1; n <= 5; n++) {
      await stores.versions.upsert(ref, fakeVersion(n));
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await stores.versions.list(ref, {}, { cursor, limit: 2 });
      seen.push(...page.items.map(v => v.version));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['0.5.0', '0.4.0', '0.3.0', '0.2.0', '0.1.0']);
  });

  it('remembers how far a history was read, of one registered model', async () => {
    const { versions } = stores;
    expect(await versions.reading(ref, 'a')).toBeUndefined();
    await versions.setReading(ref, 'a', { cursor: 'c', finishedAt: null });
    await versions.setReading(ref, 'a', { cursor: null, finishedAt: at(1) });
    expect(await versions.reading(ref, 'a')).toEqual({
      cursor: null,
      finishedAt: at(1),
    });
    expect(await versions.reading(ref, 'b')).toBeUndefined();
  });

  it('knows whose evidence is to be read, and who has an alias', async () => {
    const { versions } = stores;
    const other = 'mlmodel:default/evidence';
    await versions.upsert(
      other,
      fakeVersion(1),
      fakeVersion(2, { aliases: ['100%_"champion"'] }),
      fakeVersion(3, { aliases: ['other'] }),
    );
    const missing = (count: number, ...named: string[]) =>
      versions.withoutEvidence(other, { count, named });
    expect(await missing(2, '0.1.0')).toEqual(['0.3.0', '0.2.0', '0.1.0']);
    await versions.markEvidenceRead(other, '0.3.0', at(0));
    expect(await missing(2)).toEqual(['0.2.0']);
    expect(await missing(0, '0.3.0', 'none')).toEqual([]);
    await versions.upsert(other, fakeVersion(3));
    expect(await missing(1)).toEqual(['0.3.0']);
    expect(await versions.withAlias(other, ['100%_"champion"'])).toEqual([
      '0.2.0',
    ]);
    expect(await versions.withAlias(other, ['champion', 'none'])).toEqual([]);
    expect(await versions.withAlias(other, [])).toEqual([]);
  });

  it('admits one of two concurrent requests, and names it to the other', async () => {
    const results = await Promise.allSettled([
      stores.deployments.create(deployment(), at(1)),
      stores.deployments.create(deployment(), at(1)),
    ]);
    const refused = results.filter(r => r.status === 'rejected');
    expect(refused).toHaveLength(1);
    const [{ reason }] = refused as PromiseRejectedResult[];
    expect(reason).toBeInstanceOf(AlreadyOpenError);
    const [open] = await stores.deployments.openOf(ref);
    expect(reason.first.id).toBe(open.id);
    await end(open);
  });

  it('admits one of two models that share a target', async () => {
    const other = { ...spec, entityRef: 'mlmodel:default/other' };
    const targetKey = 'fake:shared';
    const results = await Promise.allSettled([
      stores.deployments.create(deployment({ targetKey }), at(1)),
      stores.deployments.create(newDeployment(other, { targetKey }), at(1)),
    ]);
    const [admitted] = results.flatMap(r =>
      r.status === 'fulfilled' ? [r.value.deployment] : [],
    );
    const [refused] = results.flatMap(r =>
      r.status === 'rejected' ? [r.reason] : [],
    );
    expect(refused.first.id).toBe(admitted.id);
    await end(admitted);
  });

  it('creates one deployment for a request that is sent twice at once', async () => {
    const twice = deployment();
    const results = await Promise.all([
      stores.deployments.create(twice, at(1)),
      stores.deployments.create({ ...twice, id: randomUUID() }, at(1)),
    ]);
    expect(results.map(r => r.created).sort()).toEqual([false, true]);
    expect(results[0].deployment.id).toBe(results[1].deployment.id);
    await end(results[0].deployment);
  });

  it('keeps one live version per environment, and its history', async () => {
    for (const [version, action, second] of [
      ['0.1.0', 'deploy', 10],
      ['0.2.0', 'deploy', 20],
      ['0.1.0', 'rollback', 30],
    ] as const) {
      const { deployment: made } = await stores.deployments.create(
        deployment({ version, action }),
        at(second),
      );
      const live = { digest: null, message: 'Answers.' };
      const { execution } = stores;
      expect(await execution.goLive(made, live, at(second + 1))).toMatchObject({
        state: 'live',
      });
      // Recording it twice, as after a crash, changes nothing.
      expect(
        await execution.goLive(made, live, at(second + 1)),
      ).toBeUndefined();
    }
    const history = async (moment?: string) =>
      (await stores.live.history(ref, 'staging', { at: moment }, { limit: 10 }))
        .items;
    const items = await history();
    expect(items.map(i => [i.version, i.to, i.endedBy])).toEqual([
      ['0.1.0', null, null],
      ['0.2.0', at(31), 'rolled-back'],
      ['0.1.0', at(21), 'superseded'],
    ]);
    // The moment of a switch belongs to the version that went live.
    const versionsAt = async (second: number) =>
      (await history(at(second))).map(i => i.version);
    expect(await versionsAt(21)).toEqual(['0.2.0']);
    expect(await versionsAt(30)).toEqual(['0.2.0']);
    expect(await versionsAt(31)).toEqual(['0.1.0']);
    expect(await versionsAt(1)).toEqual([]);
    expect((await stores.live.current(ref)).get('staging')?.version).toBe(
      '0.1.0',
    );
  });

  it('gives a due source to one worker at a time, and ignores a late one', async () => {
    await stores.sources.declare(
      ref,
      [
        {
          source: 'versions:fake',
          provider: 'fake',
          capability: 'versions',
          subjects: ['Penguin Species'],
        },
      ],
      at(0),
      { due: true },
    );
    const [late] = await claim(1, 31);
    expect(late.source).toBe('versions:fake');
    expect(await claim(2, 32)).toEqual([]);
    const [owner] = await claim(40, 70);
    // The first one's lease ended: it records nothing, and frees nothing.
    const result = { fetchedAt: at(41), error: null, nextDueAt: at(999) };
    expect(await stores.sources.finish(late, result)).toBe(false);
    expect(await stores.sources.renew(late, at(99))).toBe(false);
    expect(await claim(42, 72)).toEqual([]);
    expect(await stores.sources.renew(owner, at(71))).toBe(true);
    expect((await stores.sources.ofModel(ref))[0].fetchedAt).toBeNull();
  });

  it('keeps a source due that was hinted at while it was read', async () => {
    await stores.sources.markDue({ entityRef: ref }, at(50));
    const [row] = await claim(72, 90);
    await stores.sources.markDue({ entityRef: ref }, at(73));
    await stores.sources.finish(row, {
      fetchedAt: at(71),
      error: null,
      nextDueAt: at(999),
    });
    expect((await stores.sources.ofModel(ref))[0].dueAt).toBe(at(73));
  });

  it('finds what a change is about by the name of the outside system', async () => {
    const about = (subject: string) =>
      stores.sources.markDue({ provider: 'fake', subject }, at(80));
    expect(await about('Penguin Species')).toBe(1);
    expect((await stores.sources.ofModel(ref))[0].dueAt).toBe(at(80));
    expect(await about('another model')).toBe(0);
  });

  it('sums up a provider with its newest error', async () => {
    const [row] = await claim(89, 95);
    await stores.sources.finish(row, {
      fetchedAt: null,
      error: { kind: 'timeout', message: 'It slept.', at: at(90) },
      nextDueAt: at(95),
    });
    expect(await stores.sources.byProvider(at(96))).toEqual([
      expect.objectContaining({
        source: 'versions:fake',
        models: 1,
        failing: 1,
        due: 1,
        error: expect.objectContaining({ message: 'It slept.' }),
      }),
    ]);
    // A partial reading ranks below a failure, though it is newer.
    const other = 'mlmodel:default/in-part';
    await stores.sources.declare(other, [{ ...row, subjects: [] }], at(90), {
      due: true,
    });
    const [partial] = await claim(91, 94);
    expect(partial.entityRef).toBe(other);
    await stores.sources.finish(partial, {
      fetchedAt: at(91),
      error: { kind: 'timeout', message: 'Half.', at: at(91), partial: true },
      nextDueAt: at(95),
    });
    expect(await stores.sources.byProvider(at(96))).toEqual([
      expect.objectContaining({
        models: 2,
        failing: 1,
        error: expect.objectContaining({ message: 'It slept.' }),
      }),
    ]);
  });

  it('pages through deployments and changes of monitors as one history', async () => {
    await stores.monitors.put(ref, healthyMonitor, at(15), [
      event({ at: at(15), to: 'critical' }),
      event({ at: at(25), kind: 'alert', alert: 'TooSlow', to: 'firing' }),
    ]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await modelEvents(stores, ref, {}, { cursor, limit: 2 });
      seen.push(...page.items.map(item => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    const whole = await modelEvents(stores, ref, {}, { limit: 100 });
    expect(seen).toEqual(whole.items.map(item => item.id));
    expect(new Set(seen).size).toBe(seen.length);
    expect(
      whole.items.filter(i => i.type === 'monitor').map(i => i.at),
    ).toEqual([at(25), at(15)]);
    const times = whole.items.map(item => item.at);
    expect(times).toEqual([...times].sort().reverse());
    expect(
      (await modelEvents(stores, ref, { type: 'alert' }, { limit: 9 })).items,
    ).toMatchObject([{ event: { alert: 'TooSlow', to: 'firing' } }]);
  });

  it('shows deployments at the time when they went live, and incidents among them', async () => {
    const events = modelSpecFromEntity(modelEntity('with-events'));
    await stores.models.upsert(events, [], at(1));
    const { deployment: made } = await stores.deployments.create(
      newDeployment(events, { targetKey: 'events' }),
      at(10),
    );
    const incident = await stores.incidents.open(
      {
        entityRef: events.entityRef,
        environment: 'production',
        version: '0.1.0',
        rule: {
          when: { monitor: 'm', is: 'critical', count: 1, of: 1 },
          then: 'notify',
        },
        ruleKey: 'm/critical/notify',
        number: 1,
        samples: [],
        message: 'm was critical.',
      },
      at(20),
    );
    const listed = async (filter: Parameters<typeof modelEvents>[2] = {}) => {
      const { items } = await modelEvents(stores, events.entityRef, filter, {
        limit: 9,
      });
      return items.map(item => [item.type, item.id, item.at]);
    };
    const opened = ['incident', incident, at(20)];
    expect(await listed()).toEqual([opened, ['deployment', made.id, at(10)]]);
    await knex('deployment')
      .where('id', made.id)
      .update({ live_at: at(30) });
    expect(await listed()).toEqual([['deployment', made.id, at(30)], opened]);
    expect(await listed({ type: 'incident' })).toEqual([opened]);
    expect(await listed({ type: 'incident', environment: 'staging' })).toEqual(
      [],
    );
    expect(await listed({ type: 'deploy' })).toHaveLength(1);
  });

  it('reads the events of a model by an index, however many there are', async () => {
    if (id !== 'SQLITE_3') return;
    const queries: { sql: string; bindings: unknown[] }[] = [];
    const keep = (query: (typeof queries)[number]) => queries.push(query);
    knex.on('query', keep);
    await stores.deployments.list(ref, {}, { limit: 10 });
    knex.off('query', keep);
    const { sql, bindings } = queries[0];
    const plan: { detail: string }[] = await knex.raw(
      `EXPLAIN QUERY PLAN ${sql}`,
      bindings as string[],
    );
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('USING INDEX deployment_newest_idx'),
    ]);
  });

  it('thins a long series and keeps its newest point', async () => {
    const monitor = {
      name: 'm',
      signal: 'latency' as const,
      environment: 'staging',
      provider: 'fake',
      unit: 's',
      state: 'healthy' as const,
      reason: '',
      since: null,
      warning: null,
      critical: null,
    };
    for (let n = 0; n < 50; n++) {
      await stores.monitors.put(
        ref,
        {
          ...monitor,
          reading: {
            at: at(n),
            value: n,
            insufficient: false,
            reason: null,
            parts: [],
            version: null,
            unavailable: false,
            alerts: [],
            alertsUnknown: null,
          },
        },
        at(n),
      );
    }
    const samples = await stores.monitors.samples(
      ref,
      'm',
      { from: at(0), to: at(100) },
      10,
    );
    expect(samples.length).toBeLessThanOrEqual(11);
    expect(samples.at(-1)?.value).toBe(49);
  });

  it('keeps what could not be loaded, longest ago first, until it is taken away', async () => {
    const { unread } = stores;
    const put = (item: string, problem: string, second: number) =>
      unread.put(ref, 'pipelines:fake', { item, problem }, at(second));
    await put('1', 'odd', 1);
    await put('2', 'odd', 2);
    await put('1', 'still odd', 3);
    await unread.put(ref, 'versions:fake', { item: '9', problem: '' }, at(0));
    const all = [
      { item: '2', problem: 'odd' },
      { item: '1', problem: 'still odd' },
    ];
    expect(await unread.list(ref, 'pipelines:fake')).toEqual(all);
    await unread.remove(ref, 'pipelines:fake', '2');
    expect(await unread.list(ref, 'pipelines:fake')).toEqual(all.slice(1));
  });

  it('takes a registered entity back once, and forgets neither who nor why', async () => {
    const { registered } = stores;
    const put = (name: string, second: number) =>
      registered.put(name, { name }, 'user:default/ada', at(second));
    await put('mlmodel:default/a', 1);
    await put('mlmodel:default/b', 2);
    await put('mlmodel:default/c', 3);
    const first = await registered.list({ limit: 2 });
    const second = await registered.list({
      limit: 2,
      cursor: first.nextCursor,
    });
    expect(
      [...first.items, ...second.items].map(item => item.entityRef),
    ).toEqual(['mlmodel:default/c', 'mlmodel:default/b', 'mlmodel:default/a']);

    const unregister = (by: string, seconds: number) =>
      registered.unregister(
        'mlmodel:default/b',
        { by, reason: `${by} wants it` },
        at(seconds),
      );
    const both = await Promise.all([
      unregister('bob', 4),
      unregister('eve', 4),
    ]);
    const [taken] = both.filter(answer => answer !== undefined);
    expect(both.filter(answer => answer !== undefined)).toHaveLength(1);
    expect(await registered.unregistered('mlmodel:default/b')).toEqual(taken);
    expect(taken.reason).toBe(`${taken.by} wants it`);
    expect(await registered.get('mlmodel:default/b')).toBeUndefined();
    expect(await registered.allUnregistered()).toEqual([
      { entityRef: 'mlmodel:default/b', at: at(4) },
    ]);

    await put('mlmodel:default/b', 5);
    expect(await registered.allUnregistered()).toEqual([]);
    expect(await registered.unregistered('mlmodel:default/b')).toEqual(taken);
    await unregister('ada', 6);
    expect(await registered.allUnregistered()).toEqual([
      { entityRef: 'mlmodel:default/b', at: at(6) },
    ]);
  });
});
