import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const standIn = new GithubStandIn();
const model = modelOf('acme/penguins');

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  const repo = standIn.add('acme/penguins');
  standIn.addRun(repo, { createdAt: '2026-03-01T10:00:00Z' });
  standIn.remaining = 5_000;
  standIn.log.length = 0;
});
afterEach(() => {
  standIn.intercept = () => undefined;
  standIn.assertKept();
});

const list = async ({ pipelines } = testInstance(standIn)) =>
  pipelines.listRuns(model, { limit: 10 }, context());

describe('asking GitHub', () => {
  it('costs nothing where nothing changed', async () => {
    const instance = testInstance(standIn);
    const first = await list(instance);
    const left = standIn.remaining;
    expect(await list(instance)).toEqual(first);
    expect(standIn.log.at(-1)!.status).toBe(304);
    expect(standIn.remaining).toBe(left);
    standIn.addRun(standIn.repositories.get('acme/penguins')!, {
      createdAt: '2026-03-01T11:00:00Z',
    });
    expect((await list(instance)).items).toHaveLength(2);
  });

  it('knows what is left', async () => {
    const instance = testInstance(standIn);
    expect(instance.pipelines.budget()).toBeNull();
    await list(instance);
    expect(instance.pipelines.budget()).toEqual({
      limit: 5_000,
      remaining: standIn.remaining,
      resetsAt: new Date(standIn.resetsAt * 1000).toISOString(),
    });
  });

  it('stops before the reserve, and asks nothing until the hour is new', async () => {
    standIn.remaining = 502;
    const instance = testInstance(standIn);
    await list(instance);
    const asked = standIn.log.length;
    const error = await list(instance).catch(e => e);
    expect(error).toMatchObject({ kind: 'rate-limited' });
    expect(error.retryAfter).toBeGreaterThan(3_000);
    expect(error.retryAfter).toBeLessThanOrEqual(3_600);
    expect(standIn.log).toHaveLength(asked);
  });

  it('keeps the reserve for what people do', async () => {
    standIn.remaining = 400;
    const instance = testInstance(standIn);
    // The first answer tells how little is left.
    await list(instance).catch(() => undefined);
    await expect(list(instance)).rejects.toMatchObject({
      kind: 'rate-limited',
    });
    const [run] = standIn.repositories.get('acme/penguins')!.runs;
    expect(
      await instance.pipelines.rerun(
        model,
        String(run.id),
        { key: 'k', by: 'ada' },
        context(),
      ),
    ).toEqual({ runId: `${run.id}.2` });
  });

  it.each([
    [
      'the limit is used up',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
      'API rate limit exceeded',
    ],
    [
      'it was too much at once',
      { 'retry-after': '30' },
      'You have exceeded a secondary rate limit.',
    ],
    [
      'it was too much at once, and it does not say for how long',
      {},
      'You have exceeded a secondary rate limit.',
    ],
  ])('is rate-limited where %s', async (_, headers, message) => {
    const instance = testInstance(standIn);
    standIn.intercept = () => ({ status: 403, body: { message }, headers });
    const begun = Date.now();
    const error = await list(instance).catch(e => e);
    expect(error.kind).toBe('rate-limited');
    expect(error.retryAfter).toBeGreaterThan(0);
    expect(Date.now() - begun).toBeLessThan(1_000);
    const asked = standIn.log.length;
    standIn.intercept = () => undefined;
    // And nothing is asked until then.
    await expect(list(instance)).rejects.toMatchObject({
      kind: 'rate-limited',
    });
    expect(standIn.log).toHaveLength(asked);
  });

  it('is forbidden where a right is missing, in GitHub’s words', async () => {
    standIn.intercept = () => ({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    await expect(list()).rejects.toMatchObject({
      kind: 'forbidden',
      message:
        'GitHub does not allow this to the credentials of the configuration (403): Resource not accessible by integration',
    });
  });

  it('does not ask again at once where it was asked to wait', async () => {
    standIn.intercept = () => ({ status: 429, body: {} });
    await expect(list()).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(standIn.log).toHaveLength(1);
  });

  it('tries a read once more after a fault, and an act never', async () => {
    standIn.intercept = () => ({ status: 502, body: {} });
    await expect(list()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(standIn.log).toHaveLength(2);

    standIn.intercept = (method: string) =>
      method === 'post' ? { status: 502, body: {} } : undefined;
    const [run] = standIn.repositories.get('acme/penguins')!.runs;
    await expect(
      testInstance(standIn).pipelines.rerun(
        model,
        String(run.id),
        { key: 'k', by: 'ada' },
        context(),
      ),
    ).rejects.toMatchObject({ kind: 'unavailable' });
    expect(standIn.requests('post', /rerun/)).toHaveLength(1);
  });

  it('says what in an answer is not understood', async () => {
    standIn.intercept = () => ({
      status: 200,
      body: { workflow_runs: [{ id: 'x' }] },
    });
    await expect(list()).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining('answer.workflow_runs[0].id is "x"'),
    });
  });

  it('says whether it takes the credentials', async () => {
    expect(await testInstance(standIn).pipelines.test(context())).toMatch(
      /^GitHub takes the token; \d+ of \d+ requests are left this hour\.$/,
    );
    await expect(
      testInstance(standIn, { token: 'wrong' }).pipelines.test(context()),
    ).rejects.toMatchObject({ kind: 'unauthorized' });
    await expect(
      testInstance(standIn, { owners: [] }).pipelines.test(context()),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
