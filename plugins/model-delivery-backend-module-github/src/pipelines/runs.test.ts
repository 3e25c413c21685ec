import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import { endedJob, type RepositoryState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';
import { kindOf } from './tellRun';

const standIn = new GithubStandIn();
const model = modelOf('acme/penguins');
let repo: RepositoryState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  repo = standIn.add('acme/penguins');
});
afterEach(() => standIn.assertKept());

const at = (minute: number) =>
  `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`;
const list = async (limit = 10, cursor?: string, of = model) =>
  testInstance(standIn).pipelines.listRuns(of, { limit, cursor }, context());

describe('a repository', () => {
  it('has its pages where the configured host has them', async () => {
    const { pipelines } = testInstance(standIn);
    const { url, compareUrl } = await pipelines.repository(model, context());
    expect(compareUrl).toBe(`${url}/compare/{from}...{to}`);
    expect(url).toMatch(/\/acme\/penguins$/);
  });
});

jest.setTimeout(60_000);

describe('runs', () => {
  it('follow their jobs where they read completed too early', async () => {
    const run = standIn.addRun(repo, { createdAt: at(0) });
    run.attempts[0].jobs = [
      endedJob(1, 'train'),
      endedJob(2, 'tell', {
        status: 'queued',
        conclusion: null,
        startedAt: '1970-01-01T00:00:00Z',
        completedAt: null,
      }),
    ];
    const [told] = (await list()).items;
    expect(told).toMatchObject({
      status: 'running',
      reason: '1 of 2 jobs go on.',
      finishedAt: null,
      jobsDone: 1,
      jobsTotal: 2,
    });
    const jobs = await testInstance(standIn).pipelines.getJobs(
      model,
      told.id,
      context(),
    );
    expect(jobs[1]).toMatchObject({ status: 'queued', startedAt: null });
  });

  it('say for whose review they wait, where, and link there', async () => {
    const run = standIn.addRun(repo, {
      createdAt: at(0),
      pending: [
        { environment: 'production', users: ['ada'], teams: ['reviewers'] },
        { environment: 'canary', users: [], teams: [] },
      ],
    });
    Object.assign(run.attempts[0], { status: 'waiting', conclusion: null });
    expect((await list()).items[0]).toMatchObject({
      status: 'waiting',
      reason:
        'production wants a review on GitHub by ada or the team reviewers. It waits for canary as well.',
      url: `https://github.example/acme/penguins/actions/runs/${run.id}`,
      finishedAt: null,
    });
  });

  it('stay in place while new ones arrive', async () => {
    for (let n = 0; n < 5; n += 1) standIn.addRun(repo, { createdAt: at(n) });
    const first = await list(2);
    standIn.addRun(repo, { createdAt: at(30) });
    standIn.addRun(repo, { createdAt: at(31) });
    const second = await list(2, first.nextCursor);
    const third = await list(2, second.nextCursor);
    expect(
      [first, second, third].flatMap(page => page.items.map(r => r.number)),
    ).toEqual([5, 4, 3, 2, 1]);
    expect(third.nextCursor).toBeUndefined();
  });

  it('are all listed where many began in one second', async () => {
    for (let n = 0; n < 7; n += 1) standIn.addRun(repo, { createdAt: at(0) });
    const numbers: number[] = [];
    for (let cursor: string | undefined, page = 0; page < 9; page += 1) {
      const { items, nextCursor } = await list(1, cursor);
      numbers.push(...items.map(r => r.number));
      cursor = nextCursor;
      if (!cursor) break;
    }
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it('are one for each attempt, the newest first', async () => {
    const run = standIn.addRun(repo, { createdAt: at(0) });
    const [once] = run.attempts;
    run.attempts = [
      { ...once, conclusion: 'failure', jobs: [endedJob(1, 'train')] },
      { ...once, startedAt: at(9), jobs: [endedJob(2, 'train')] },
    ];
    const { items } = await list();
    expect(items).toMatchObject([
      {
        id: `${run.id}.2`,
        attempt: 2,
        trigger: 'rerun',
        status: 'passed',
        createdAt: '2026-03-01T10:00:00.000Z',
        startedAt: '2026-03-01T10:09:00.000Z',
        url: expect.stringMatching(/\/attempts\/2$/),
      },
      { id: String(run.id), attempt: 1, status: 'failed' },
    ]);
    const { pipelines } = testInstance(standIn);
    expect(await pipelines.getRun(model, items[1].id, context())).toEqual(
      items[1],
    );
    const [job] = await pipelines.getJobs(model, `${run.id}.2`, context());
    expect(job.id).toBe('2');
  });

  it('are those of every workflow where none is named', async () => {
    standIn.addRun(repo, { createdAt: at(0), workflow: 'deploy.yaml' });
    standIn.addRun(repo, { createdAt: at(1), workflow: 'model.yaml' });
    const every = modelOf('acme/penguins', { workflow: undefined });
    expect((await list(10, undefined, every)).items).toMatchObject([
      { kind: 'training' },
      { kind: 'deployment' },
    ]);
    expect((await list()).items).toHaveLength(1);
  });

  it('run again once, where somebody else did so meanwhile', async () => {
    const run = standIn.addRun(repo, { createdAt: at(0) });
    run.attempts.push({
      ...run.attempts[0],
      status: 'in_progress',
      conclusion: null,
    });
    expect(
      await testInstance(standIn).pipelines.rerun(
        model,
        String(run.id),
        { key: 'k', by: 'ada' },
        context(),
      ),
    ).toEqual({ runId: `${run.id}.2` });
    expect(run.attempts).toHaveLength(2);
  });

  it('are cancelled by their newest attempt only', async () => {
    const run = standIn.addRun(repo, { createdAt: at(0) });
    run.attempts.push({
      ...run.attempts[0],
      status: 'in_progress',
      conclusion: null,
    });
    const { pipelines } = testInstance(standIn);
    const cancel = async (id: string) =>
      pipelines.cancel(model, id, { by: 'ada' }, context());
    await cancel(String(run.id));
    expect(run.attempts[1].status).toBe('in_progress');
    await cancel(`${run.id}.2`);
    expect(run.attempts[1].conclusion).toBe('cancelled');
  });

  it('are of a repository that moved: told with what to do', async () => {
    standIn.intercept = () => ({
      status: 301,
      body: { message: 'Moved Permanently' },
      headers: { location: 'http://127.0.0.1:9/repositories/1' },
    });
    await expect(list()).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('was renamed or transferred'),
    });
    standIn.intercept = () => undefined;
  });
});

describe('the kind of a run', () => {
  it.each([
    ['.github/workflows/model.yaml', 'model', 'push', 'training'],
    ['.github/workflows/model.yaml', 'model', 'pull_request', 'ci'],
    ['.github/workflows/deploy.yml', 'x', 'workflow_dispatch', 'deployment'],
    ['.github/workflows/terraform.yaml', 'x', 'push', 'infrastructure'],
    ['.github/workflows/main.yaml', 'Train the model', 'schedule', 'training'],
    ['.github/workflows/ci.yaml', 'CI', 'push', 'ci'],
    ['dynamic/pages/pages-build-deployment', null, 'dynamic', 'deployment'],
  ] as const)('of %s (%s) on %s is %s', (path, name, event, kind) => {
    expect(kindOf({ path, name, event })).toBe(kind);
  });
});
