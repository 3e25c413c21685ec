import fs from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import {
  TestEngine,
  context,
  deploy,
  environmentTarget,
  findRun,
  modelTarget,
  readLog,
} from './__testUtils__/testEngine';
import { Clone, createTiny, tinyFiles } from './__testUtils__/tinyProject';
import { startedTicks } from './processes/identity';

jest.setTimeout(60_000);

describe('the engine, from a push to a live server', () => {
  const name = 'tiny-model';
  const model = modelTarget(name);
  let test: TestEngine;
  let clone: Clone;

  beforeAll(async () => {
    test = await TestEngine.start();
    const { cloneUrl } = await createTiny(test, name);
    clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
  });
  afterAll(() => test.destroy());

  it('runs the whole graph of a new project and registers a version', async () => {
    const run = await findRun(test, name, r => r.finishedAt !== null);
    expect(run).toMatchObject({
      status: 'passed',
      kind: 'training',
      trigger: 'push',
      branch: 'main',
      author: 'Ada',
      version: '0.1.0',
      jobsDone: 14,
      jobsTotal: 14,
    });
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(jobs.map(({ id, status }) => `${id} ${status}`)).toMatchSnapshot();
    const perf = jobs.find(({ id }) => id === 'perf')!;
    for (const other of jobs.filter(({ id }) => id !== 'perf')) {
      expect(
        other.finishedAt! <= perf.startedAt! ||
          other.startedAt! >= perf.finishedAt!,
      ).toBe(true);
    }
    expect(perf.steps.map(step => [step.name, step.status])).toEqual([
      ['Check out', 'passed'],
      ['Prepare Python', 'passed'],
      ['perf', 'passed'],
    ]);
    const evidence = await test.engine.versions.getEvidence(
      model,
      '0.1.0',
      context,
    );
    expect(
      evidence.map(item => `${item.kind}: ${item.status}: ${item.summary}`),
    ).toMatchSnapshot();
    expect(
      await clone.git('ls-remote', 'origin', 'refs/tags/v0.1.0'),
    ).toContain(run.commit);
    await waitFor(async () => {
      const left = await fs.readdir(path.join(test.state, 'runs', run.id));
      return left.join() === 'logs,reports';
    }, 'the end of the artifacts');
  });

  it('shows a run within 3 s of a push, and names the next version', async () => {
    const commit = await clone.push({
      'behaviour.json': JSON.stringify({ threshold: 0.6 }),
    });
    const pushed = Date.now();
    await findRun(test, name, r => r.commit === commit);
    expect(Date.now() - pushed).toBeLessThan(3_000);
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    expect(run.version).toBe('0.2.0');
    const { params } = await test.engine.versions.getVersion(
      model,
      '0.2.0',
      context,
    );
    expect(params).toEqual({ threshold: 0.6 });
  });

  it('checks a branch without registering', async () => {
    const commit = await clone.push(
      { 'note.txt': 'x' },
      { ref: 'refs/heads/topic' },
    );
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    expect(run).toMatchObject({
      kind: 'ci',
      branch: 'topic',
      status: 'passed',
      version: null,
    });
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(jobs.map(({ id }) => id)).not.toContain('register');
  });

  it('registers a version whose gate said no as rejected, with the reason', async () => {
    const commit = await clone.push({
      'behaviour.json': JSON.stringify({ accuracy: 0.8 }),
    });
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    const reason = 'accuracy 0.8 < 0.92 on 100 holdout rows';
    expect(run).toMatchObject({ status: 'rejected', reason, version: '0.3.0' });
    const version = await test.engine.versions.getVersion(
      model,
      '0.3.0',
      context,
    );
    expect(version).toMatchObject({ status: 'rejected', reasons: [reason] });
  });

  it('stops before registering when a test fails', async () => {
    const commit = await clone.push({
      'behaviour.json': JSON.stringify({ 'test-unit': { failed: 1 } }),
    });
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    expect(run).toMatchObject({
      status: 'failed',
      reason: 'test-unit failed: 1 failed, 1 passed: fails: it is broken',
      version: null,
    });
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(jobs.find(({ id }) => id === 'register')).toMatchObject({
      status: 'skipped',
      reason: 'Not run, since test-unit failed.',
    });
  });

  it('judges a version again against the one that is named, and attaches that', async () => {
    const request = {
      kind: 'evaluation' as const,
      version: '0.1.0',
      champion: { version: '0.2.0', digest: null },
      key: 'again',
      reason: 'x',
      by: 'user:default/ada',
    };
    const { runId } = await test.engine.pipelines.trigger(
      model,
      request,
      context,
    );
    expect(
      await test.engine.pipelines.trigger(model, request, context),
    ).toEqual({ runId });
    const run = await findRun(
      test,
      name,
      r => r.id === runId && r.finishedAt !== null,
    );
    expect(run).toMatchObject({ status: 'passed', trigger: 'evaluation' });
    const evidence = await test.engine.versions.getEvidence(
      model,
      '0.1.0',
      context,
    );
    expect(evidence.find(({ kind }) => kind === 'evaluation')).toMatchObject({
      runId,
      baseline: { kind: 'champion', version: '0.2.0' },
    });
    expect(evidence.find(({ kind }) => kind === 'tests')!.runId).not.toBe(
      runId,
    );
  });

  it('deploys, answers, swaps without losing a request, and rolls back', async () => {
    expect(await deploy(test, name, 'staging', '0.1.0', 'd1')).toMatchObject({
      phase: 'live',
      message: '0.1.0 is live; 1 golden rows answered as expected',
    });
    const target = environmentTarget(name, 'staging');
    const state = await test.engine.deployments.getState(target, context);
    expect(state).toMatchObject({
      status: 'ready',
      live: { version: '0.1.0', deploymentId: 'd1' },
    });
    const first = await test.engine.deployments.predict(
      target,
      { x: 0.55 },
      context,
    );
    expect(first).toMatchObject({
      version: '0.1.0',
      outputs: { side: 'high' },
    });

    const answers: Array<{ status: number; version?: string }> = [];
    const pending: Promise<unknown>[] = [];
    const timer = setInterval(() => {
      const slow = pending.length % 3 === 0;
      pending.push(
        fetch(`${state.endpoint}/v2/models/tiny/infer`, {
          method: 'POST',
          headers: slow ? { 'X-Delay': '0.3' } : {},
          body: JSON.stringify({
            inputs: [{ name: 'x', datatype: 'FP64', shape: [1], data: [0.1] }],
          }),
        }).then(
          async response => {
            const body = (await response.json()) as { model_version: string };
            answers.push({
              status: response.status,
              version: body.model_version,
            });
          },
          () => answers.push({ status: 0 }),
        ),
      );
    }, 50);
    try {
      await waitFor(() => answers.length > 10, 'traffic');
      await deploy(test, name, 'staging', '0.2.0', 'd2');
      await waitFor(
        () => answers.some(({ version }) => version === '0.2.0'),
        'an answer of the new version',
      );
      const begun = Date.now();
      await deploy(test, name, 'staging', '0.1.0', 'd3');
      expect(Date.now() - begun).toBeLessThan(10_000);
      const before = answers.length;
      await waitFor(() => answers.length > before + 10, 'traffic');
    } finally {
      clearInterval(timer);
    }
    await Promise.all(pending);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.at(-1)!.version).toBe('0.1.0');
    await test.engine.idle();
    const servers = await fs.readdir(path.join(test.state, 'processes'));
    expect(servers).toHaveLength(1);
  });

  it('does nothing twice for one deployment id', async () => {
    expect(
      await deploy(test, name, 'staging', '0.1.0', 'd2').catch(e => e),
    ).toMatchObject({ kind: 'bad-data' });
    expect(await deploy(test, name, 'staging', '0.2.0', 'd2')).toMatchObject({
      phase: 'live',
    });
    const state = await test.engine.deployments.getState(
      environmentTarget(name, 'staging'),
      context,
    );
    expect(state.live!.deploymentId).toBe('d3');
  });

  it('fails a deployment whose server never comes up, and keeps what is live', async () => {
    const commit = await clone.push({
      'behaviour.json': JSON.stringify({ serve: { exit: 1 } }),
    });
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    const progress = await deploy(test, name, 'staging', run.version!, 'd4');
    expect(progress).toEqual({
      phase: 'failed',
      message:
        'The server ended before it was ready. Last output: cannot load the model',
    });
    const state = await test.engine.deployments.getState(
      environmentTarget(name, 'staging'),
      context,
    );
    expect(state).toMatchObject({
      status: 'ready',
      live: { version: '0.1.0' },
    });
  });

  it('fails a deployment whose server answers otherwise than its bundle says', async () => {
    const commit = await clone.push({
      'behaviour.json': JSON.stringify({ wrongGolden: true }),
    });
    const run = await findRun(
      test,
      name,
      r => r.commit === commit && r.finishedAt !== null,
    );
    const progress = await deploy(test, name, 'staging', run.version!, 'd5');
    expect(progress).toMatchObject({
      phase: 'failed',
      message: 'Golden row 1 has the answer "high"; the server says "low".',
    });
  });

  it('starts a server that dies again, and says so meanwhile', async () => {
    const target = environmentTarget(name, 'staging');
    const { endpoint } = await test.engine.deployments.getState(
      target,
      context,
    );
    await fetch(`${endpoint}/crash`).catch(() => {});
    const failing = await waitFor(async () => {
      const state = await test.engine.deployments.getState(target, context);
      return state.status === 'failing' && state;
    }, 'the death of the server');
    expect(failing.message).toContain('ended and is started again');
    const absent = await fetch(`${endpoint}/v2/health/ready`);
    expect(absent.status).toBe(503);
    expect(absent.headers.get('retry-after')).toBe('2');
    await waitFor(
      async () =>
        (await test.engine.deployments.getState(target, context)).status ===
        'ready',
      'the server again',
    );
    await test.engine.deployments.predict(target, { x: 1 }, context);
  });

  it('measures what is live', async () => {
    const target = environmentTarget(name, 'staging');
    for (let i = 0; i < 50; i += 1) {
      await test.engine.deployments.predict(target, { x: 0.99 }, context);
    }
    const read = async (
      signal: 'availability' | 'latency' | 'errors' | 'predictions' | 'drift',
    ) =>
      await test.engine.monitors.read(
        {
          entityRef: model.entityRef,
          namespace: 'default',
          name,
          annotations: {},
          monitor: {
            name: signal,
            signal,
            environment: 'staging',
            source: { provider: 'local' },
          },
        },
        context,
      );
    const drift = await waitFor(async () => {
      const reading = await read('drift');
      return reading.value !== null && reading;
    }, 'a reading of drift');
    expect(drift.parts[0]).toMatchObject({ name: 'x', limit: 0.3 });
    expect(drift.value).toBeGreaterThan(0.3);
    expect((await read('availability')).value).toBeGreaterThan(0);
    expect((await read('latency')).value).toBeLessThanOrEqual(0.1);
    expect((await read('errors')).value).toBe(0);
    expect((await read('predictions')).parts).toContainEqual(
      expect.objectContaining({ name: 'high' }),
    );
  });

  it('reports what changed', async () => {
    for (const what of [
      'models',
      'runs',
      'versions',
      'deployments',
      'monitors',
    ]) {
      expect(test.changes).toContainEqual({
        provider: 'local',
        model: { namespace: 'default', name },
        what,
      });
    }
  });
});

describe('hostile repositories', () => {
  let test: TestEngine;
  beforeAll(async () => {
    test = await TestEngine.start({ logLimitBytes: 20_000 });
  });
  afterAll(() => test.destroy());

  /** Ends a run after its first jobs. */
  const short = { 'data-validate': { exit: 4 } };
  const ended = (name: string) =>
    findRun(test, name, r => r.finishedAt !== null);

  it('gives jobs no secret of the portal', async () => {
    process.env.SLIPWAY_TEST_SECRET = 'hidden';
    process.env.HTTPS_PROXY = 'http://user:word@proxy.example:3128';
    try {
      await createTiny(test, 'env', { lint: { environment: true }, ...short });
      const run = await ended('env');
      const log = await readLog(test, 'env', run.id, 'lint');
      expect(log).toContain('"HTTPS_PROXY": "http://proxy.example:3128"');
      expect(log).not.toMatch(/hidden|word@|SLIPWAY_TEST_SECRET|BACKSTAGE/);
      expect(log).toMatch(/"HOME": "[^"]*runs[^"]*home"/);
    } finally {
      delete process.env.SLIPWAY_TEST_SECRET;
      delete process.env.HTTPS_PROXY;
    }
  });

  it('refuses a link that leaves the folder', async () => {
    const { cloneUrl } = await createTiny(test, 'links', short);
    await ended('links');
    const clone = await Clone.of(cloneUrl, path.join(test.directory, 'links'));
    await fs.symlink('../../../../etc/passwd', path.join(clone.folder, 'out'));
    const commit = await clone.push({});
    const run = await findRun(
      test,
      'links',
      r => r.commit === commit && r.finishedAt !== null,
    );
    expect(run).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('The link "out" leads out of its folder'),
    });
  });

  it('keeps a log of 200 MB and of binary bytes readable', async () => {
    await createTiny(test, 'logs', {
      lint: { megabytes: 200 },
      'data-validate': {
        bytes: [104, 105, 0, 27, 91, 51, 49, 109, 255, 7, 10],
      },
    });
    const run = await ended('logs');
    expect(run).toMatchObject({ status: 'passed', reason: null });
    const chunk = await test.engine.pipelines.readLog(
      modelTarget('logs'),
      run.id,
      'lint',
      { after: 0, limit: 10_000 },
      context,
    );
    expect(chunk.truncated).toBe(true);
    expect(chunk.lines.at(-1)!.text).toContain('has reached its limit');
    const binary = await readLog(test, 'logs', run.id, 'data-validate');
    expect(binary).toContain('hi\\x00\ufffd\\x07');
  });

  it('shows a broken report as an error', async () => {
    await createTiny(test, 'broken', {
      lint: { report: { 'lint.json': '{"schema": NaN' }, exit: 0 },
      ...short,
    });
    const run = await ended('broken');
    const evidence = await test.engine.pipelines.getEvidence(
      modelTarget('broken'),
      run.id,
      context,
    );
    expect(
      evidence.find(item => item.kind === 'report' && item.name === 'lint'),
    ).toMatchObject({
      status: 'error',
      summary: expect.stringContaining('reports/lint.json is not JSON'),
    });
  });

  it('says what is wrong with a model.toml', async () => {
    const { cloneUrl } = await createTiny(test, 'toml', short);
    await ended('toml');
    const clone = await Clone.of(cloneUrl, path.join(test.directory, 'toml'));
    const commit = await clone.push({
      'model.toml': tinyFiles('toml')['model.toml'].replace(
        'package = "tiny"',
        'package = "../evil"',
      ),
    });
    const run = await findRun(
      test,
      'toml',
      r => r.commit === commit && r.finishedAt !== null,
    );
    expect(run).toMatchObject({
      status: 'failed',
      reason:
        'model.toml.model.package is "../evil": the name of a Python package',
    });
  });
});

it('stops a job that takes too long, and all its child processes', async () => {
  const test = await TestEngine.start({ jobTimeoutSeconds: 10 });
  try {
    await createTiny(test, 'slow', { lint: { sleep: 60, child: true } });
    const run = await findRun(test, 'slow', r => r.finishedAt !== null);
    expect(run).toMatchObject({
      status: 'failed',
      reason: 'lint took longer than 10 s and was stopped.',
    });
    const log = await readLog(test, 'slow', run.id, 'lint');
    const child = Number(/CHILD (\d+)/.exec(log)![1]);
    await waitFor(
      () => startedTicks(child) === undefined,
      'the end of the group',
    );
  } finally {
    await test.destroy();
  }
});
