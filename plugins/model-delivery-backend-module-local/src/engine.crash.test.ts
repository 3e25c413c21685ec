import fs from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { Portal } from './__testUtils__/Portal';
import {
  TestEngine,
  context,
  deploy,
  environmentTarget,
  findRun,
  modelTarget,
  readLog,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';
import { startedTicks } from './processes/identity';

jest.setTimeout(60_000);

describe('a portal that is killed', () => {
  const name = 'killed';
  const model = modelTarget(name);
  const target = environmentTarget(name, 'staging');
  const by = 'user:default/ada';
  let test: TestEngine;
  let clone: Clone;

  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, name);
    await findRun(test, name, r => r.finishedAt !== null);
    clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
    await test.engine.stop();
  });
  afterAll(() => test.destroy());

  const processes = async () =>
    (await fs.readdir(path.join(test.state, 'processes'))).map(file =>
      Number(file.split('-')[0]),
    );
  const phaseOf = async (id: string) => {
    const row = await test.knex('local_deployment').where({ id }).first();
    return row?.phase;
  };

  it('finds its run interrupted, ends its jobs, and adopts its server', async () => {
    const portal = await Portal.start(test.database, test.config);
    await portal.deploy({ target, version: '0.1.0', deploymentId: 'd1' });
    await waitFor(async () => (await phaseOf('d1')) === 'live', 'd1');
    const servers = await processes();
    await clone.push({
      'behaviour.json': JSON.stringify({
        'test-unit': { sleep: 60, child: true },
      }),
    });
    const log = await waitFor(async () => {
      const run = await test
        .knex('local_run')
        .where({ status: 'running' })
        .first();
      const file =
        run && path.join(test.state, 'runs', run.id, 'logs', 'test-unit.log');
      const text = file && (await fs.readFile(file, 'utf8').catch(() => ''));
      return text && text.includes('CHILD') && text;
    }, 'the job');
    const orphan = Number(/CHILD (\d+)/.exec(log)![1]);
    await portal.kill();
    expect(startedTicks(orphan)).toBeDefined();

    await test.start();
    const run = await findRun(test, name, r => r.number === 2);
    expect(run).toMatchObject({
      status: 'interrupted',
      reason: expect.stringContaining('Run it again'),
      version: null,
    });
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(jobs.find(({ id }) => id === 'test-unit')).toMatchObject({
      status: 'interrupted',
    });
    expect(jobs.at(-1)).toMatchObject({ status: 'skipped' });
    expect(startedTicks(orphan)).toBeUndefined();
    await waitFor(
      async () =>
        (await test.engine.deployments.getState(target, context)).status ===
        'ready',
      'the server',
    );
    expect(await processes()).toEqual(servers);
    expect(
      await test.engine.deployments.predict(target, { x: 1 }, context),
    ).toMatchObject({ version: '0.1.0' });
  });

  it('can run what was interrupted again, once for each key, and cancel it', async () => {
    const run = await findRun(test, name, r => r.number === 2);
    const rerun = () =>
      test.engine.pipelines.rerun(model, run.id, { key: 'r1', by }, context);
    const { runId } = await rerun();
    expect(await rerun()).toEqual({ runId });
    const again = await findRun(
      test,
      name,
      r => r.id === runId && r.status === 'running',
    );
    expect(again).toMatchObject({ number: 2, attempt: 2, trigger: 'rerun' });
    const log = await waitFor(async () => {
      const text = await readLog(test, name, runId, 'test-unit').catch(
        () => '',
      );
      return text.includes('CHILD') && text;
    }, 'the job');
    await test.engine.pipelines.cancel(model, runId, { by }, context);
    const ended = await findRun(
      test,
      name,
      r => r.id === runId && r.finishedAt !== null,
    );
    expect(ended).toMatchObject({
      status: 'cancelled',
      reason: 'Cancelled by user:default/ada.',
    });
    expect(startedTicks(Number(/CHILD (\d+)/.exec(log)![1]))).toBeUndefined();
    await test.engine.pipelines.cancel(model, runId, { by }, context);
    await test.engine.stop();
  });

  it('goes on with a deployment that was under way, and does nothing twice', async () => {
    const portal = await Portal.start(test.database, test.config);
    await portal.deploy({ target, version: '0.1.0', deploymentId: 'd2' });
    await portal.kill();
    expect(['in-progress', 'verifying', 'live']).toContain(await phaseOf('d2'));

    await test.start();
    expect(await deploy(test, name, 'staging', '0.1.0', 'd2')).toMatchObject({
      phase: 'live',
    });
    await test.engine.idle();
    const state = await test.engine.deployments.getState(target, context);
    expect(state).toMatchObject({
      status: 'ready',
      live: { deploymentId: 'd2' },
    });
    expect(await processes()).toHaveLength(1);
  });

  it('takes in what was pushed while it was down', async () => {
    await test.engine.stop();
    const commit = await clone.push({
      'behaviour.json': JSON.stringify({ threshold: 0.4 }),
    });
    await test.start();
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    expect(run.version).toBe('0.2.0');
  });

  it('starts a server again whose files were damaged, from what was registered', async () => {
    const folder = path.join(
      test.state,
      'serving/default',
      name,
      'staging/d2/bundle/model/model.json',
    );
    await test.engine.stop();
    await fs.writeFile(folder, '{"threshold": 1000}');
    await test.start();
    await waitFor(
      async () =>
        (await test.engine.deployments.getState(target, context)).status ===
        'ready',
      'the server',
    );
    expect(
      (await test.engine.deployments.predict(target, { x: 1 }, context))
        .outputs,
    ).toEqual({ side: 'high' });
  });
});
