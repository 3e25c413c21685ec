import { GitlabStandIn } from '../__testUtils__/GitlabStandIn';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const PATH = 'acme/research/penguins';
const standIn = new GitlabStandIn();
const model = modelOf(PATH);

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  standIn.project(PATH);
  standIn.log.length = 0;
});
afterEach(() => {
  standIn.intercept = () => undefined;
});

const list = async (cursor?: string, instance = testInstance(standIn)) =>
  instance.pipelines.listRuns(model, { cursor, limit: 10 }, context());
const jobsOf = async (runId: number) =>
  testInstance(standIn).pipelines.getJobs(model, String(runId), context());
const onlyRun = async () => (await list()).items[0];

describe('a list of runs', () => {
  it('goes on where it was while new pipelines arrive, and while old ones are deleted', async () => {
    const ids = Array.from({ length: 25 }, () => standIn.addPipeline(PATH).id);
    const first = await list();
    for (let n = 0; n < 30; n += 1) standIn.addPipeline(PATH);
    const second = await list(first.nextCursor);
    const project = standIn.project(PATH);
    project.pipelines.splice(0, 2);
    project.pipelines.splice(-30, 30);
    const third = await list(second.nextCursor);
    const told = [first, second, third].flatMap(({ items }) =>
      items.map(({ id }) => Number(id)),
    );
    expect(told).toEqual(ids.slice(2).reverse());
    expect(third.nextCursor).toBeUndefined();
  });

  it('is one request where nothing changed since the last look', async () => {
    standIn.addJob(standIn.addPipeline(PATH));
    const instance = testInstance(standIn);
    await list(undefined, instance);
    standIn.log.length = 0;
    await list(undefined, instance);
    expect(standIn.log).toEqual([
      {
        method: 'GET',
        path: expect.stringContaining('/pipelines?'),
        status: 304,
      },
    ]);
  });

  it('shows the pipelines of one branch where the target names it', async () => {
    standIn.addPipeline(PATH, { ref: 'main' });
    const { id } = standIn.addPipeline(PATH, { ref: 'next' });
    const { items } = await testInstance(standIn).pipelines.listRuns(
      modelOf(PATH, { ref: 'next' }),
      { limit: 10 },
      context(),
    );
    expect(items.map(run => run.id)).toEqual([String(id)]);
  });
});

describe('a run', () => {
  it.each([
    ['created', 'queued'],
    ['waiting_for_resource', 'queued'],
    ['preparing', 'queued'],
    ['pending', 'queued'],
    ['scheduled', 'queued'],
    ['running', 'running'],
    ['canceling', 'running'],
    ['manual', 'waiting'],
    ['success', 'passed'],
    ['failed', 'failed'],
    ['canceled', 'cancelled'],
    ['skipped', 'cancelled'],
  ])('that GitLab calls %s is %s', async (status, told) => {
    standIn.addPipeline(PATH, { status });
    expect((await onlyRun()).status).toBe(told);
  });

  it('of a status that is not known is open until it has an end, and says so', async () => {
    const pipeline = standIn.addPipeline(PATH, {
      status: 'hovering',
      finishedAt: null,
    });
    const reason =
      'GitLab reports the status hovering, which Slipway does not know.';
    expect(await onlyRun()).toMatchObject({
      status: 'queued',
      reason,
      finishedAt: null,
    });
    pipeline.finishedAt = new Date().toISOString();
    expect(await onlyRun()).toMatchObject({ status: 'interrupted', reason });
  });

  it('names the jobs that failed and may not', async () => {
    const pipeline = standIn.addPipeline(PATH, { status: 'failed' });
    for (let n = 1; n <= 7; n += 1) {
      standIn.addJob(pipeline, { name: `test ${n}/7`, status: 'failed' });
    }
    standIn.addJob(pipeline, {
      name: 'docs',
      status: 'failed',
      allow_failure: true,
    });
    expect((await onlyRun()).reason).toMatch(
      /^(test \d\/7, ){4}test \d\/7 and 2 more failed\.$/,
    );
  });

  it('names the job that waits to be started', async () => {
    const pipeline = standIn.addPipeline(PATH, { status: 'manual' });
    standIn.addJob(pipeline, { name: 'deploy', status: 'manual' });
    standIn.addJob(pipeline, {
      name: 'docs',
      status: 'manual',
      allow_failure: true,
    });
    expect(await onlyRun()).toMatchObject({
      status: 'waiting',
      reason: 'deploy waits to be started on GitLab.',
    });
  });

  it('counts a job that was retried once, and lists both', async () => {
    const pipeline = standIn.addPipeline(PATH);
    const first = standIn.addJob(pipeline, {
      status: 'failed',
      failure_reason: 'script_failure',
      retried: true,
    });
    const second = standIn.addJob(pipeline);
    expect(await onlyRun()).toMatchObject({
      attempt: 2,
      jobsDone: 1,
      jobsTotal: 1,
    });
    expect(await jobsOf(pipeline.id)).toMatchObject([
      {
        id: String(first.id),
        status: 'failed',
        reason: 'It was retried. GitLab reports: script failure.',
      },
      { id: String(second.id), status: 'passed', reason: null },
    ]);
  });

  it('keeps hostile names as the text that they are', async () => {
    const name = '<img src=x onerror=alert(1)> $(rm -rf /) {{7*7}}';
    const pipeline = standIn.addPipeline(PATH);
    standIn.addJob(pipeline, { name });
    expect((await jobsOf(pipeline.id))[0].name).toBe(name);
  });

  it.each(['1/../2', '1?x=y', '../../../users', '0', '1e3', ''])(
    'with the id %j is not found, and nothing is asked',
    async runId => {
      const { pipelines } = testInstance(standIn);
      await expect(
        pipelines.getRun(model, runId, context()),
      ).rejects.toMatchObject({ kind: 'not-found' });
      expect(standIn.log).toEqual([]);
    },
  );

  it('runs again with the variables that it had', async () => {
    const pipeline = standIn.addPipeline(PATH, {
      variables: [{ key: 'SLIPWAY_ACTION', value: 'train' }],
    });
    const { runId } = await testInstance(standIn).pipelines.rerun(
      model,
      String(pipeline.id),
      { key: 'again-1', by: 'user:default/ada' },
      context(),
    );
    const again = standIn
      .project(PATH)
      .pipelines.find(({ id }) => String(id) === runId)!;
    expect(again.variables).toEqual([
      { key: 'SLIPWAY_ACTION', value: 'train' },
      { key: 'SLIPWAY_KEY', value: 'again-1' },
    ]);
  });

  it('that has not ended does not run again', async () => {
    const { id } = standIn.addPipeline(PATH, {
      status: 'running',
      finishedAt: null,
    });
    await expect(
      testInstance(standIn).pipelines.rerun(
        model,
        String(id),
        { key: 'again-2', by: 'user:default/ada' },
        context(),
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('cancel it') });
  });
});
