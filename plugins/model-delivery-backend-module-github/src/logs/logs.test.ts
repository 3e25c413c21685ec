import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import { addLoggedRun } from '../__testUtils__/fixtures';
import { endedJob, type RepositoryState } from '../__testUtils__/standInState';
import {
  context,
  modelOf,
  testInstance,
  type TestInstance,
} from '../__testUtils__/testInstance';

const standIn = new GithubStandIn();
const model = modelOf('acme/penguins');
let repo: RepositoryState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  repo = standIn.add('acme/penguins');
  standIn.storageLog.length = 0;
});
afterEach(() => standIn.assertKept());

const LOG = `\uFEFF2026-03-01T10:00:01.1234567Z ##[group]Run make train
2026-03-01T10:00:02Z second
a line without a time\r
2026-03-01T10:00:03.5Z ${'x'.repeat(5_000)}
`;

async function read(
  log: string,
  range = { after: 0, limit: 100 },
  instance: TestInstance = testInstance(standIn),
) {
  const run = addLoggedRun(standIn, repo, log);
  const job = String(run.attempts[0].jobs[0].id);
  const page = async () =>
    instance.pipelines.readLog(model, String(run.id), job, range, context());
  return { page, chunk: await page() };
}

describe('the log of a job', () => {
  it('has numbered lines with their times', async () => {
    const { chunk } = await read(LOG);
    expect(chunk).toMatchObject({ next: 4, ended: true, truncated: false });
    expect(chunk.lines.slice(0, 3)).toEqual([
      {
        n: 1,
        at: '2026-03-01T10:00:01.123Z',
        text: '##[group]Run make train',
      },
      { n: 2, at: '2026-03-01T10:00:02Z', text: 'second' },
      { n: 3, at: null, text: 'a line without a time' },
    ]);
    expect(chunk.lines[3].text).toHaveLength(4_000);
  });

  it('is downloaded once for all of its pages, without the credentials', async () => {
    const { page } = await read(LOG);
    await page();
    await page();
    expect(standIn.storageLog).toEqual([
      expect.objectContaining({ status: 200, authorization: undefined }),
    ]);
  });

  it('is cut where it is too long, and says so', async () => {
    const { chunk } = await read('x'.repeat(999).concat('\n').repeat(9_000), {
      after: 0,
      limit: 1,
    });
    expect(chunk).toMatchObject({ truncated: true, ended: false });
  });

  it('is still to come while the job runs', async () => {
    const run = standIn.addRun(repo, { createdAt: '2026-03-01T10:00:00Z' });
    run.attempts[0].jobs = [
      endedJob(77, 'train', { status: 'in_progress', conclusion: null }),
    ];
    expect(
      await testInstance(standIn).pipelines.readLog(
        model,
        String(run.id),
        '77',
        { after: 0, limit: 10 },
        context(),
      ),
    ).toEqual({ lines: [], next: 0, ended: false, truncated: false });
  });

  it('is not given for a job of another run', async () => {
    const other = addLoggedRun(standIn, repo, LOG);
    const run = addLoggedRun(standIn, repo, LOG);
    await expect(
      testInstance(standIn).pipelines.readLog(
        model,
        String(run.id),
        String(other.attempts[0].jobs[0].id),
        { after: 0, limit: 10 },
        context(),
      ),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is not fetched from a host that the configuration does not name', async () => {
    await expect(
      read(
        LOG,
        undefined,
        testInstance(standIn, { downloadHosts: ['*.blob.core.windows.net'] }),
      ),
    ).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('results.actions.githubusercontent.com'),
    });
    expect(standIn.storageLog).toEqual([]);
  });
});
