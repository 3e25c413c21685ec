import fs from 'node:fs/promises';
import path from 'node:path';
import type { BatchRun } from '@slipway/plugin-model-delivery-common';
import type {
  EnvironmentTarget,
  ProviderReading,
} from '@slipway/plugin-model-delivery-node';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { Portal } from './__testUtils__/Portal';
import {
  context,
  deploy,
  environmentTarget,
  findRun,
  modelTarget,
  TestEngine,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';
import { startedTicks } from './processes/identity';

jest.setTimeout(120_000);

const NAME = 'nightly';
const FIRST = '0.1.0';
/** Everything is high above its threshold of 0.2. */
const SECOND = '0.2.0';
const WRONG = '0.3.0';
const DAY_MS = 86_400_000;

describe('a version that runs as a batch job', () => {
  let test: TestEngine;
  const target = (
    environment: string,
    batch: object = {},
  ): EnvironmentTarget => ({
    ...environmentTarget(NAME, environment),
    target: {
      provider: 'local',
      batch: {
        schedule: '0 6 * * *',
        timeZone: 'Europe/Berlin',
        input: 'rows.csv',
        ...batch,
      },
    },
  });

  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, NAME);
    await findRun(test, NAME, r => r.version === FIRST && !!r.finishedAt);
    const clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
    for (const [version, behaviour] of [
      [SECOND, { threshold: 0.2 }],
      [WRONG, { wrongGolden: true }],
    ] as const) {
      await clone.push({ 'behaviour.json': JSON.stringify(behaviour) });
      await findRun(test, NAME, r => r.version === version && !!r.finishedAt);
    }
  });
  afterAll(() => test.destroy());

  const folder = (environment: string, name: string) =>
    path.join(test.state, 'batch/default', NAME, environment, name);
  const put = async (environment: string, text: string, name = 'rows.csv') => {
    const file = path.join(folder(environment, 'input'), name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, text);
  };
  const state = (environment: string, batch: object = {}) =>
    test.engine.deployments.getState(target(environment, batch), context);
  const runs = async (environment: string): Promise<BatchRun[]> =>
    (await state(environment)).batch?.runs ?? [];
  const go = (environment: string, version: string, id: string) =>
    deploy(test, NAME, environment, version, id, target(environment));
  /** Lets the clock pass the next due time, and waits for the end of the run. */
  const nextRun = async (environment: string): Promise<BatchRun> => {
    const before = (await runs(environment)).length;
    test.advance(DAY_MS);
    return await waitFor(async () => {
      const found = await runs(environment);
      return found.length > before && found[0].finishedAt !== null && found[0];
    }, `a run in ${environment}`);
  };
  const read = (
    environment: string,
    signal: 'errors' | 'freshness' | 'rows-in' | 'rows-out' | 'latency',
  ): Promise<ProviderReading> =>
    test.engine.monitors.read(
      {
        ...modelTarget(NAME),
        monitor: {
          name: signal,
          signal,
          environment,
          source: { provider: 'local' },
        },
      },
      context,
    );

  it('is live once it predicted its golden rows, and has a job and no server', async () => {
    expect(await go('first', FIRST, 'b1')).toMatchObject({
      phase: 'live',
      message: '0.1.0 is live; 1 golden rows were predicted as expected',
      digest: expect.stringContaining('sha256:'),
    });
    const found = await state('first');
    expect(found).toMatchObject({
      live: { version: FIRST, deploymentId: 'b1' },
      status: 'ready',
      endpoint: null,
      batch: { runs: [], input: folder('first', 'input') },
    });
    const next = new Date(found.batch!.nextRunAt!);
    expect(
      next.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' }),
    ).toBe('06:00:00');
    await expect(
      test.engine.deployments.predict(target('first'), { x: 1 }, context),
    ).rejects.toThrow('runs as a batch job here, so there is no server to ask');
    expect(await read('first', 'errors')).toMatchObject({
      value: null,
      insufficient: true,
      version: FIRST,
    });
  });

  it('fails where its golden rows are predicted differently, and nothing is live', async () => {
    expect(await go('wrong', WRONG, 'b2')).toMatchObject({
      phase: 'failed',
      message: 'Golden row 1 has the answer "high"; predict wrote "low".',
    });
    expect(await state('wrong')).toMatchObject({ live: null, endpoint: null });
  });

  it('predicts the rows when it is due, counts those that it rejects, and is measured', async () => {
    await put('first', 'id,x\n1,0.1\n2,much\n3,0.9\n4,0.3\n');
    const run = await nextRun('first');
    expect(run).toMatchObject({
      version: FIRST,
      status: 'passed',
      rowsIn: 4,
      rowsOut: 3,
      rejected: 1,
      message: '3 of 4 rows were predicted; 1 rejected.',
      log: ['rejected rows.csv: much', '3 of 4 rows were predicted'],
    });
    const output = await fs.readdir(folder('first', 'output'));
    expect(output).toEqual([
      `${run.dueAt.slice(0, 19).replaceAll(':', '-')}Z_${FIRST}`,
    ]);
    expect(
      await fs.readFile(
        path.join(folder('first', 'output'), output[0], 'rows.csv'),
        'utf8',
      ),
    ).toBe('id,x,predicted_side\n1,0.1,low\n3,0.9,high\n4,0.3,low\n');
    expect(await read('first', 'rows-in')).toMatchObject({ value: 4 });
    expect(await read('first', 'rows-out')).toMatchObject({
      value: 0.75,
      reason: '1 of 4 rows were rejected',
    });
    expect(await read('first', 'errors')).toMatchObject({ value: 0 });
    const fresh = await read('first', 'freshness');
    expect(fresh.value).toBeGreaterThanOrEqual(0);
    expect(fresh.alerts ?? []).toEqual([]);
    await expect(read('first', 'latency')).rejects.toThrow(
      'A batch job has no latency on this machine',
    );
  });

  it('says why a run failed, keeps the output of the one before, and is overdue', async () => {
    await put('first', 'id,y\n1,0.1\n');
    const run = await nextRun('first');
    expect(run).toMatchObject({
      status: 'failed',
      rowsIn: null,
      message: 'The data is invalid: predict: rows.csv lacks the columns x',
      log: ['predict: rows.csv lacks the columns x'],
    });
    expect(await fs.readdir(folder('first', 'output'))).toHaveLength(1);
    expect(await state('first')).toMatchObject({
      status: 'failing',
      message: run.message,
    });
    expect(await read('first', 'errors')).toMatchObject({
      value: 0.5,
      reason: `1 of 2 runs failed; the last failure: ${run.message}`,
    });
    test.advance(130_000);
    expect((await read('first', 'freshness')).alerts).toEqual([
      expect.objectContaining({
        name: 'overdue',
        state: 'firing',
        severity: 'critical',
        summary: expect.stringContaining('lacks the columns x'),
      }),
    ]);
  });

  it.each([
    ['is not there', 'rows.csv', async () => undefined],
    [
      'is a link out of the folder',
      'link.csv',
      async () => {
        await fs.mkdir(folder('input', 'input'), { recursive: true });
        await fs.symlink(
          '/etc/hostname',
          `${folder('input', 'input')}/link.csv`,
        );
      },
    ],
  ])('fails with the remedy where its input %s', async (_, input, arrange) => {
    await arrange();
    await go('input', FIRST, 'b3');
    await state('input', { input });
    test.advance(DAY_MS);
    const run = await waitFor(async () => {
      const [newest] = (await state('input', { input })).batch!.runs;
      return newest?.message?.includes(input) ? newest : undefined;
    }, 'the failed run');
    expect(run.status).toBe('failed');
    expect(run.message).toContain(folder('input', 'input'));
  });

  it('predicts with the version that was rolled back to, also in the middle of a run', async () => {
    await put('back', 'x\n0.3\n');
    await go('back', FIRST, 'b4');
    await go('back', SECOND, 'b5');
    expect(await nextRun('back')).toMatchObject({ version: SECOND });
    await put('back', 'x\nsleep\n');
    test.advance(DAY_MS);
    const serving = path.join(test.state, 'serving/default', NAME, 'back');
    await waitFor(
      () =>
        fs.access(path.join(serving, 'b5/home/sleeping')).then(
          () => true,
          () => false,
        ),
      'the run',
    );
    await put('back', 'x\n0.3\n');
    await go('back', FIRST, 'b6');
    const [newest, interrupted] = await waitFor(async () => {
      const found = await runs('back');
      return found.length === 3 && found[0].finishedAt !== null && found;
    }, 'the run of the version before');
    expect(interrupted).toMatchObject({
      version: SECOND,
      status: 'interrupted',
      message:
        '0.1.0 went live while it ran, so it is run again with that version.',
    });
    expect(newest).toMatchObject({
      version: FIRST,
      status: 'passed',
      dueAt: interrupted.dueAt,
    });
    const outputs = (await fs.readdir(folder('back', 'output'))).sort();
    expect(outputs.map(name => name.split('_')[1])).toEqual([SECOND, FIRST]);
    // The bundle of the version that was replaced is gone.
    await waitFor(
      async () => (await fs.readdir(serving)).join() === 'b6',
      'the end of its files',
    );
  });

  it('takes over from a server and gives way to one', async () => {
    const served = environmentTarget(NAME, 'both');
    await deploy(test, NAME, 'both', FIRST, 'b7');
    expect(
      await test.engine.deployments.predict(served, { x: 1 }, context),
    ).toMatchObject({ version: FIRST });
    await go('both', SECOND, 'b8');
    expect(await state('both')).toMatchObject({
      live: { version: SECOND },
      endpoint: null,
    });
    await waitFor(async () => {
      const { value } = await read('both', 'errors');
      const serving = path.join(test.state, 'serving/default', NAME, 'both');
      return value === null && (await fs.readdir(serving)).join() === 'b8';
    }, 'the end of the server');
    await deploy(test, NAME, 'both', FIRST, 'b9');
    const serving = await test.engine.deployments.getState(served, context);
    expect(serving).toMatchObject({
      status: 'ready',
      live: { version: FIRST },
    });
    expect(serving.batch).toBeUndefined();
    expect(
      await test.engine.deployments.predict(served, { x: 1 }, context),
    ).toMatchObject({ version: FIRST });
  });

  it('follows a schedule that changed, and refuses one that never comes', async () => {
    await go('changing', FIRST, 'b10');
    const changed = await state('changing', { schedule: '30 7 * * *' });
    expect(changed.batch!.nextRunAt).toMatch(/:30:00\.000Z$/);
    expect(() =>
      test.engine.deployments.identify(
        target('changing', { schedule: '0 0 31 2 *' }),
      ),
    ).toThrow('The schedule "0 0 31 2 *" has no valid time');
  });

  it('runs once for all the times that were missed', async () => {
    await put('missed', 'x\n1\n');
    await go('missed', FIRST, 'b11');
    test.advance(5 * DAY_MS);
    await waitFor(
      async () => (await runs('missed'))[0]?.status === 'passed',
      'the run',
    );
    await test.engine.idle();
    expect(await runs('missed')).toHaveLength(1);
  });

  it('runs again once after the portal was killed in a run, whose processes are ended', async () => {
    const environment = 'killed';
    await put(environment, 'x\nsleep\n');
    await go(environment, FIRST, 'b12');
    await test.engine.stop();
    // Due while the portal was away.
    await test
      .knex('local_environment')
      .where({ key: `default/${NAME}/${environment}` })
      .update({ next_due_at: new Date(Date.now() - 1_000).toISOString() });
    const portal = await Portal.start(test.database, test.config);
    const row = () =>
      test
        .knex('local_batch_run')
        .where({ environment_key: `default/${NAME}/${environment}` })
        .orderBy('seq');
    await waitFor(
      async () => (await row())[0]?.status === 'running',
      'the run',
    );
    const pid = await waitFor(async () => {
      for (const name of await fs.readdir(path.join(test.state, 'processes'))) {
        const text = await fs
          .readFile(path.join(test.state, 'processes', name), 'utf8')
          .catch(() => '');
        if (text.includes('"job"')) return Number(name.split('-')[0]);
      }
      return undefined;
    }, 'its process');
    await portal.kill();
    expect(startedTicks(pid)).toBeDefined();
    await put(environment, 'x\n0.9\n');

    await test.start();
    expect(startedTicks(pid)).toBeUndefined();
    const rows = await waitFor(async () => {
      const found = await row();
      return found.length === 2 && found[1].status === 'passed' && found;
    }, 'the run again');
    expect(rows[0]).toMatchObject({
      status: 'interrupted',
      message: 'The portal stopped while it ran, so it is run again.',
    });
    expect(rows[1].due_at).toBe(rows[0].due_at);
    await test.engine.idle();
    expect(await row()).toHaveLength(2);
    expect(
      (await fs.readdir(folder(environment, 'output'))).filter(name =>
        name.startsWith('.'),
      ),
    ).toEqual([]);
  });
});
