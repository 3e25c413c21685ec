import { GitlabStandIn, STAND_IN_TOKEN } from '../__testUtils__/GitlabStandIn';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const PATH = 'acme/penguins';
const standIn = new GitlabStandIn();
const model = modelOf(PATH);

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  standIn.addPipeline(PATH);
  standIn.remaining = 2_000;
  standIn.log.length = 0;
});
afterEach(() => {
  standIn.intercept = () => undefined;
});

const list = async (instance = testInstance(standIn)) =>
  instance.pipelines.listRuns(model, { limit: 10 }, context());

describe('the limit of GitLab', () => {
  it('is shown as what is left of the minute', async () => {
    const instance = testInstance(standIn);
    expect(instance.pipelines.budget()).toBeNull();
    await list(instance);
    expect(instance.pipelines.budget()).toMatchObject({ limit: 2_000 });
    expect(instance.pipelines.budget()!.remaining).toBeLessThan(2_000);
  });

  it('is left to people when little remains of it', async () => {
    const instance = testInstance(standIn);
    standIn.remaining = 203;
    await list(instance);
    standIn.log.length = 0;
    await expect(list(instance)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfter: expect.any(Number),
    });
    expect(standIn.log).toEqual([]);
    await expect(instance.pipelines.test(context())).resolves.toMatch(
      /slipway/,
    );
  });

  it('is kept for as long as Retry-After says, and nothing is asked meanwhile', async () => {
    let now = Date.now();
    const instance = testInstance(standIn, { now: () => now });
    standIn.intercept = () => ({
      status: 429,
      body: { message: 'Retry later' },
      headers: { 'retry-after': '42' },
    });
    await expect(list(instance)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfter: 42,
    });
    standIn.intercept = () => undefined;
    standIn.log.length = 0;
    await expect(list(instance)).rejects.toMatchObject({
      kind: 'rate-limited',
    });
    expect(standIn.log).toEqual([]);
    now += 43_000;
    expect((await list(instance)).items).toHaveLength(1);
  });
});

describe('an answer', () => {
  it('that a project moved is not followed, and says what to do', async () => {
    standIn.intercept = () => ({
      status: 301,
      body: {},
      headers: { location: `${standIn.url}/projects/7/pipelines` },
    });
    await expect(list()).rejects.toMatchObject({
      kind: 'not-found',
      message:
        'acme/penguins has moved: the project was renamed or transferred. Put its current path into the entity.',
    });
    expect(standIn.log).toHaveLength(1);
  });

  it('that comes slowly ends with the caller', async () => {
    const controller = new AbortController();
    standIn.intercept = () => {
      controller.abort();
      return undefined;
    };
    await expect(
      testInstance(standIn).pipelines.listRuns(
        model,
        { limit: 10 },
        { signal: controller.signal },
      ),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['a list that is none', { pipelines: [] }],
    ['an id that is none', [{ id: '7; drop table' }]],
    ['a time that is none', [{ id: 7, iid: 1, created_at: 'yesterday' }]],
  ])('with %s is bad data that names the field', async (_, body) => {
    standIn.intercept = () => ({ status: 200, body });
    await expect(list()).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringMatching(/^GitLab answered for acme\/penguins/),
    });
  });

  it('never brings the token into a message, even where GitLab repeats it', async () => {
    standIn.intercept = () => ({
      status: 403,
      body: { message: `${STAND_IN_TOKEN} lacks the scope api` },
    });
    const error = await list().catch(cause => cause);
    expect(error.kind).toBe('forbidden');
    expect(error.message).not.toContain(STAND_IN_TOKEN);
  });

  it('of a refusal tells GitLab’s words by field', async () => {
    standIn.intercept = method =>
      method === 'POST'
        ? {
            status: 400,
            body: { message: { base: ['No stages'], ref: ['is invalid'] } },
          }
        : undefined;
    await expect(
      testInstance(standIn).pipelines.trigger(
        model,
        {
          kind: 'training',
          ref: 'main',
          key: 'k-1',
          reason: 'by hand',
          by: 'user:default/ada',
        },
        context(),
      ),
    ).rejects.toMatchObject({
      message: 'GitLab rejected the request (400): No stages, ref is invalid',
    });
  });
});
