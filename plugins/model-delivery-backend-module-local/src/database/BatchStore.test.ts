import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { BatchStore } from './BatchStore';
import { type DeploymentRow, DeploymentStore } from './DeploymentStore';
import { migrate } from './migrate';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const KEY = 'default/m/production';
const JOB = '{"schedule":"0 6 * * *","timeZone":"UTC","input":"rows.csv"}';
const day = (n: number) => `2026-01-0${n}T06:00:00.000Z`;
const noon = (n: number) => `2026-01-0${n}T12:00:00.000Z`;

describe.each(databases.eachSupportedId())('batch jobs on %s', id => {
  let knex: Knex;
  let deployments: DeploymentStore;
  let store: BatchStore;

  beforeEach(async () => {
    knex = await databases.init(id);
    await migrate(knex);
    deployments = new DeploymentStore(knex);
    store = new BatchStore(knex);
    for (const table of ['deployment', 'environment', 'batch_run']) {
      await knex(`local_${table}`).delete();
    }
  });

  const goLive = async (
    deploymentId: string,
    at: string,
    next: string | null,
    batch: string | null = JOB,
  ) => {
    const { deployment } = await deployments.create({
      id: deploymentId,
      environment_key: KEY,
      version: deploymentId,
      digest: null,
      phase: 'verifying',
      message: '',
      rollout: null,
      batch,
      requested_at: at,
    });
    return deployments.goLive(deployment, at, 'Live', next);
  };
  const begin = async (run: string, at: string, next: string) => {
    const [due] = await store.due(at);
    return due && (await store.begin(due, run, next));
  };
  const next = async () =>
    (await deployments.environment(KEY))?.next_due_at ?? null;
  const end = (run: string, status: 'passed' | 'failed', at: string) =>
    store.end(run, {
      status,
      finished_at: at,
      rows_in: 2,
      rows_out: 1,
      rejected: 1,
      message: 'Ended',
      log: '[]',
    });

  it('are due once for each time, however often somebody looks', async () => {
    await goLive('a', noon(1), day(2));
    expect(await store.due(noon(1))).toEqual([]);
    expect(await store.nextDueAfter(noon(1))).toBe(day(2));
    const [due] = await store.due(noon(2));
    expect(await store.begin(due, 'r1', day(3))).toBe(true);
    expect(await store.begin(due, 'r2', day(3))).toBe(false);
    expect(await store.due(noon(2))).toEqual([]);
    expect(await store.recent(KEY, 10)).toEqual([
      expect.objectContaining({
        id: 'r1',
        version: 'a',
        due_at: day(2),
        status: 'queued',
      }),
    ]);
  });

  it('stay due where another version goes live, and not for a version that was replaced', async () => {
    await goLive('a', noon(1), day(2));
    const [due] = await store.due(noon(2));
    const live = await goLive('b', noon(2), day(3));
    expect(live?.before).toMatchObject({ version: 'a', next_due_at: day(2) });
    expect(await next()).toBe(day(2));
    expect(await store.begin(due, 'r1', day(3))).toBe(false);
    await goLive('c', noon(2), null, null);
    expect(await next()).toBeNull();
    expect(await store.due(noon(9))).toEqual([]);
  });

  it('are due again after an interruption, and given up after too many', async () => {
    await goLive('a', noon(1), day(2));
    for (let count = 0; count < 6; count += 1) {
      expect(await begin(`r${count}`, noon(2), day(3))).toBe(true);
      await store.started(`r${count}`, noon(2));
      const [run] = await store.open();
      await store.interrupt(run, noon(2), 'The portal stopped.');
      // An end that comes late changes nothing.
      await end(run.id, 'passed', noon(2));
      expect(await next()).toBe(count < 5 ? day(2) : day(3));
    }
    const [last, before] = await store.recent(KEY, 2);
    expect(before.status).toBe('interrupted');
    expect(last).toMatchObject({
      status: 'failed',
      message:
        'The portal stopped. It was interrupted 6 times and is not run again until it is next due.',
    });
    expect(await store.lastPassed(KEY)).toBeUndefined();
  });

  it('are not due again where a server took over', async () => {
    await goLive('a', noon(1), day(2));
    await begin('r1', noon(2), day(3));
    await goLive('b', noon(2), null, null);
    const [run] = await store.open();
    await store.interrupt(run, noon(2), 'Replaced.');
    expect(await next()).toBeNull();
  });

  it('follow the entity, unless it changed meanwhile', async () => {
    await goLive('a', noon(1), day(2));
    const changed = JOB.replace('rows.csv', 'other.csv');
    expect(await store.follow(KEY, JOB, changed, day(4))).toBe(true);
    expect(await store.follow(KEY, JOB, changed, day(5))).toBe(false);
    expect(await next()).toBe(day(4));
  });

  it('forget runs that are old, and keep the newest and the last one that passed', async () => {
    await goLive('a', noon(1), day(2));
    for (const n of [2, 3, 4, 5, 6]) {
      await begin(`r${n}`, noon(n), day(n + 1));
      await end(`r${n}`, n === 3 ? 'passed' : 'failed', noon(n));
    }
    const forgotten = await store.forget(KEY, noon(9), 2);
    expect(forgotten.map(run => run.id).sort()).toEqual(['r2', 'r4']);
    expect((await store.recent(KEY, 10)).map(run => run.id)).toEqual([
      'r6',
      'r5',
      'r3',
    ]);
    expect(await store.forget(KEY, noon(1), 2)).toEqual([]);
  });

  it('leave a deployment alone that has ended', async () => {
    await goLive('a', noon(1), day(2));
    const deployment: DeploymentRow = (await deployments.get('a'))!;
    expect(
      await deployments.goLive(deployment, noon(2), 'Again', day(3)),
    ).toBeUndefined();
    expect(await next()).toBe(day(2));
  });
});
