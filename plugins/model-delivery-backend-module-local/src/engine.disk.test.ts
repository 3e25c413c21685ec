import fs from 'node:fs/promises';
import path from 'node:path';
import type { ProviderRun } from '@slipway/plugin-model-delivery-node';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { SmallDisk, whyNoSmallDisk } from './__testUtils__/SmallDisk';
import { openTestDatabase } from './__testUtils__/testDatabase';
import {
  TestEngine,
  context,
  deploy,
  environmentTarget,
  findRun,
  modelTarget,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';

jest.setTimeout(120_000);

const missing = whyNoSmallDisk();
const isSkipped = missing !== undefined && !process.env.CI;
if (isSkipped) {
  // eslint-disable-next-line no-console
  console.warn(`Not tested on a full and on a read-only disk: ${missing}`);
}

const FULL = 'the disk is full; make room and try again.';
const READ_ONLY = 'it is read-only.';
const name = 'tiny';
const model = modelTarget(name);
const staging = environmentTarget(name, 'staging');

(isSkipped ? describe.skip : describe)('the engine on a small disk', () => {
  let disk: SmallDisk;
  let test: TestEngine;
  let clone: Clone;
  let state: string;

  beforeEach(async () => {
    if (missing) throw new Error(missing);
    disk = await SmallDisk.mount(16);
    state = path.join(disk.folder, 'state');
    test = await TestEngine.start({ directory: state });
    const { cloneUrl } = await createTiny(test, name);
    await findRun(test, name, run => run.version === '0.1.0');
    clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
  });
  afterEach(async () => {
    await test?.destroy();
    await disk?.unmount();
  });

  const ended = (is: (run: ProviderRun) => boolean) =>
    findRun(test, name, run => run.finishedAt !== null && is(run));
  const train = async (key: string) => {
    const { runId } = await test.engine.pipelines.trigger(
      model,
      { kind: 'training', ref: 'main', key, reason: 'x', by: 'user:d/ada' },
      context,
    );
    return await ended(run => run.id === runId);
  };
  const rerun = (id: string) => again(test, id);
  /** Nothing that ends yet makes room afterwards. */
  const fillUp = async () => {
    await test.engine.idle();
    await disk.fill();
  };
  const isGone = (...file: string[]) =>
    waitFor(
      () =>
        fs.access(path.join(state, ...file)).then(
          () => false,
          () => true,
        ),
      `the end of ${file.join('/')}`,
    );
  /** @returns what Git said, of a push that was refused. */
  const refused = (push: Promise<unknown>): Promise<string> =>
    push.then(
      () => 'It was taken in.',
      error => error.stderr,
    );

  it('refuses a push that it could not take in, and takes it in when there is room', async () => {
    await fillUp();
    expect(await refused(clone.push({ 'note.txt': 'x' }))).toMatch(
      /remote unpack failed[^]*remote rejected/,
    );
    await disk.empty();
    await clone.git('push', 'origin', 'HEAD:refs/heads/main');
    expect(await ended(run => run.number === 2)).toMatchObject({
      status: 'passed',
      version: '0.2.0',
    });
  });

  it('refuses a push of which no word could be left, since nothing would run', async () => {
    const spool = await SmallDisk.mount(1, path.join(state, 'spool'));
    try {
      await spool.fill();
      expect(await refused(clone.push({ 'note.txt': 'x' }))).toMatch(
        /Slipway cannot take this push in: \S+\/spool cannot be written\. If its disk is full, make room and push again\.[^]*pre-receive hook declined/,
      );
      expect(await fs.readdir(spool.folder)).toEqual(['filler']);
    } finally {
      await spool.unmount();
    }
    await clone.git('push', 'origin', 'HEAD:refs/heads/main');
    expect(await ended(run => run.number === 2)).toMatchObject({
      status: 'passed',
    });
  });

  it('makes no half of a repository, and says why', async () => {
    await fillUp();
    await expect(createTiny(test, 'other')).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(FULL),
    });
    expect(await fs.readdir(path.join(state, 'git'))).toEqual([`${name}.git`]);
    await disk.empty();
    await createTiny(test, 'other');
    await findRun(test, 'other', run => run.status === 'passed');
  });

  it('fails a run with the reason, said once, and runs it again when there is room', async () => {
    await fillUp();
    const run = await train('full');
    expect(run.status).toBe('failed');
    expect(run.reason).toMatch(
      /^The folder \S+ cannot be used: the disk is full; make room and try again\.$/,
    );
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(jobs.at(-1)).toMatchObject({ status: 'skipped' });
    await isGone('runs', run.id, 'work');
    await isGone('runs', run.id, 'artifacts');
    await disk.empty();
    expect(await rerun(run.id)).toMatchObject({
      status: 'passed',
      version: '0.2.0',
    });
  });

  it('judges a version again when there is room, and leaves nothing of the try', async () => {
    await fillUp();
    const request = { kind: 'evaluation' as const, version: '0.1.0' };
    const { runId } = await test.engine.pipelines.trigger(
      model,
      { ...request, champion: null, key: 'k', reason: 'x', by: 'user:d/ada' },
      context,
    );
    const run = await ended(({ id }) => id === runId);
    expect(run.reason).toContain(FULL);
    await isGone('runs', runId, 'artifacts');
    await disk.empty();
    expect(await rerun(runId)).toMatchObject({ status: 'passed' });
  });

  it('registers nothing by half', async () => {
    await clone.push({
      'behaviour.json': JSON.stringify({ package: { fill: true } }),
    });
    const run = await ended(({ number }) => number === 2);
    expect(run).toMatchObject({
      status: 'failed',
      version: null,
      reason: expect.stringContaining(FULL),
    });
    const { items } = await test.engine.versions.listVersions(
      model,
      { limit: 10 },
      context,
    );
    expect(items.map(({ version }) => version)).toEqual(['0.1.0']);
    expect(await fs.readdir(path.join(state, 'registry', name))).toEqual([
      '0.1.0',
    ]);
    // What filled the disk was the run's own, and is gone with it.
    await isGone('runs', run.id, 'artifacts');
    await clone.push({ 'behaviour.json': '{}' });
    expect(await ended(({ number }) => number === 3)).toMatchObject({
      status: 'passed',
      version: '0.2.0',
    });
  });

  it('fails a deployment with the reason, and what is live goes on', async () => {
    await deploy(test, name, 'staging', '0.1.0', 'd1');
    await fillUp();
    expect(await deploy(test, name, 'staging', '0.1.0', 'd2')).toEqual({
      phase: 'failed',
      message: `The bundle could not be fetched: The folder ${path.join(
        state,
        'serving/default',
        name,
        'staging/d2',
      )} cannot be used: ${FULL}`,
    });
    await isGone('serving/default', name, 'staging/d2');
    expect(
      await test.engine.deployments.predict(staging, { x: 1 }, context),
    ).toMatchObject({ version: '0.1.0' });
    const scrapes = async () =>
      Number((await test.knex('local_scrape').count({ n: '*' }))[0].n);
    const before = await scrapes();
    await waitFor(async () => (await scrapes()) > before, 'a scrape');
    await disk.empty();
    expect(await deploy(test, name, 'staging', '0.1.0', 'd3')).toMatchObject({
      phase: 'live',
    });
  });

  it('says why a server does not come up again, and brings it up when there is room', async () => {
    await deploy(test, name, 'staging', '0.1.0', 'd1');
    const getState = () => test.engine.deployments.getState(staging, context);
    const { endpoint } = await getState();
    await waitFor(async () => {
      // What a server leaves when it ends may be room enough for the next.
      await disk.fill();
      await fetch(`${endpoint}/crash`).catch(() => {});
      return (await getState()).message?.includes(FULL);
    }, 'the reason');
    await disk.empty();
    await waitFor(
      async () => (await getState()).status === 'ready',
      'a server',
    );
    await test.engine.idle();
    expect(await fs.readdir(path.join(state, 'processes'))).toHaveLength(1);
  });

  it('says that a folder became read-only, and goes on when it is no more', async () => {
    await test.engine.idle();
    await waitFor(() => disk.setReadOnly(true), 'a disk that nobody writes to');
    expect(await refused(clone.push({ 'note.txt': 'x' }))).toMatch(
      /remote rejected|read-only|unable to/i,
    );
    const run = await train('read-only');
    expect(run).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(READ_ONLY),
    });
    expect(await deploy(test, name, 'staging', '0.1.0', 'd1')).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining(READ_ONLY),
    });
    disk.setReadOnly(false);
    expect(await rerun(run.id)).toMatchObject({ status: 'passed' });
    expect(await deploy(test, name, 'staging', '0.1.0', 'd2')).toMatchObject({
      phase: 'live',
    });
  });
});

(isSkipped ? describe.skip : describe)('a database on a small disk', () => {
  let disk: SmallDisk;
  let test: TestEngine;

  beforeEach(async () => {
    if (missing) throw new Error(missing);
    disk = await SmallDisk.mount(16);
    test = await TestEngine.start(
      {},
      await openTestDatabase(path.join(disk.folder, 'database.sqlite')),
    );
  });
  afterEach(async () => {
    await test?.destroy();
    await disk?.unmount();
  });

  it('learns how a run ended when there is room again', async () => {
    await createTiny(test, name, { lint: { sleep: 1 } });
    const run = await findRun(test, name, r => r.status === 'running');
    await disk.fill();
    await waitFor(
      () => test.logged.some(text => text.includes('cannot be recorded')),
      'a word of it in the log',
    );
    await disk.empty();
    const end = await findRun(test, name, r => r.finishedAt !== null);
    expect(end).toMatchObject({
      id: run.id,
      status: 'failed',
      reason: expect.stringContaining(FULL),
    });
    const jobs = await test.engine.pipelines.getJobs(model, run.id, context);
    expect(
      jobs.filter(({ status }) => ['queued', 'running'].includes(status)),
    ).toEqual([]);
    expect(await again(test, run.id)).toMatchObject({ status: 'passed' });
  });
});

/** Runs a run again, to its end. */
async function again(test: TestEngine, id: string): Promise<ProviderRun> {
  const { runId } = await test.engine.pipelines.rerun(
    model,
    id,
    { key: `again-${id}`, by: 'user:d/ada' },
    context,
  );
  return await findRun(
    test,
    name,
    run => run.id === runId && run.finishedAt !== null,
  );
}
