import type {
  OutsideReview,
  RunQuestion,
} from '@slipway/plugin-model-delivery-node';
import { example, startEvents } from '../__testUtils__/eventsBackend';
import { openapi } from '../__testUtils__/openapi';
import { subscribeToProtection } from './subscribe';

jest.setTimeout(60_000);

const HOSTS = [
  { id: 'github', host: 'github.com', apiBaseUrl: 'https://api.github.com' },
  {
    id: 'ghe',
    host: 'ghe.example',
    apiBaseUrl: 'https://ghe.example/api/v3',
  },
];
const RULE = 'deployment_protection_rule';
const REVIEW = 'deployment_review';

const callback = (name: string, base = 'https://api.github.com') =>
  `${base}/repos/${name}/actions/runs/77/deployment_protection_rule`;

/** As GitHub describes the webhook: it publishes no example. */
function question(overrides: Record<string, unknown> = {}) {
  const { repository } = example('deployment') as {
    repository: { full_name: string };
  };
  return {
    action: 'requested',
    environment: 'production',
    event: 'push',
    sha: 'a'.repeat(40),
    ref: 'refs/heads/main',
    deployment_callback_url: callback(repository.full_name),
    deployment: openapi().example('deployment'),
    pull_requests: [],
    repository,
    ...overrides,
  };
}
const { full_name: NAME } = question().repository;
const PLACE = {
  provider: 'github',
  subject: `github.com/${NAME.toLowerCase()}`,
  targetKey: `github:github.com/${NAME.toLowerCase()}#production`,
};

async function start(configured?: string) {
  const asked: RunQuestion[] = [];
  const reviews: OutsideReview[] = [];
  const backend = await startEvents(
    async events =>
      subscribeToProtection(events, HOSTS, {
        ask: async one => {
          asked.push(one);
        },
        reviewed: async one => {
          reviews.push(one);
        },
      }),
    configured,
  );
  return { ...backend, asked, reviews };
}

describe('a webhook of the deployment protection rule', () => {
  let events: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    events = await start();
  });
  afterAll(() => events.stop());
  beforeEach(() => {
    events.asked.length = 0;
    events.reviews.length = 0;
  });

  it('asks for its run, by repository and environment', async () => {
    expect(
      openapi().faultOfWebhook(
        'deployment-protection-rule-requested',
        question(),
      ),
    ).toBeNull();
    expect(await events.send(RULE, question())).toBe(202);
    const { id } = question().deployment;
    expect(events.asked).toEqual([{ ...PLACE, runId: '77', id: String(id) }]);
  });

  it('is the same question when it comes twice, and another for another attempt', async () => {
    const { deployment } = question();
    await events.send(RULE, question());
    await events.send(RULE, question());
    await events.send(
      RULE,
      question({ deployment: { ...deployment, id: deployment.id + 1 } }),
    );
    const ids = events.asked.map(one => one.id);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('of a server of one’s own asks there', async () => {
    await events.send(
      RULE,
      question({
        repository: {
          full_name: 'acme/penguins',
          html_url: 'https://ghe.example/acme/penguins',
        },
        deployment_callback_url: callback(
          'acme/penguins',
          'https://ghe.example/api/v3',
        ),
        deployment: null,
      }),
    );
    expect(events.asked).toEqual([
      {
        provider: 'ghe',
        subject: 'ghe.example/acme/penguins',
        targetKey: 'github:ghe.example/acme/penguins#production',
        runId: '77',
        id: '',
      },
    ]);
  });

  it('without our secret has no effect', async () => {
    const forged = { secret: 'a-guess' };
    expect(await events.send(RULE, question(), forged)).toBe(403);
    const review = { ...example(REVIEW), action: 'approved' };
    expect(await events.send(REVIEW, review, forged)).toBe(403);
    expect([...events.asked, ...events.reviews]).toEqual([]);
  });

  it('is not taken at all without a secret of the configuration', async () => {
    const closed = await start('');
    expect(await closed.send(RULE, question())).toBe(404);
    expect(closed.asked).toEqual([]);
    await closed.stop();
  });

  it.each([
    ['another host', callback(NAME, 'https://evil.example')],
    ['a host that begins alike', callback(NAME, 'https://api.github.com.evil')],
    ['a user before the host', callback(NAME, 'https://api.github.com@evil')],
    ['the API of another host of ours', callback(NAME, HOSTS[1].apiBaseUrl)],
    ['another repository', callback('evil/penguins')],
    ['a path that leaves the run', `${callback(NAME)}/../../../1`],
    ['a query', `${callback(NAME)}?x=1`],
    ['no run', callback(NAME).replace('/77/', '/x/')],
    ['no address', 'production'],
  ])('is passed over where its callback names %s', async (_, url) => {
    await events.send(RULE, question({ deployment_callback_url: url }));
    expect(events.asked).toEqual([]);
  });

  it.each([
    ['another action', { action: 'created' }],
    ['an environment without a name', { environment: '' }],
    ['a NUL in the environment', { environment: 'prod\0' }],
    ['an environment of another shape', { environment: { $ne: '' } }],
    ['a name that is endless', { environment: 'x'.repeat(10_000) }],
    [
      'a repository of another shape',
      { repository: { full_name: '../..', html_url: 'https://github.com/x' } },
    ],
    [
      'a repository of a host that is not followed',
      {
        repository: {
          full_name: NAME,
          html_url: `https://other.example/${NAME}`,
        },
      },
    ],
  ])('is passed over with %s', async (_, overrides) => {
    expect(await events.send(RULE, question(overrides))).toBe(202);
    expect(events.asked).toEqual([]);
  });
});

describe('a review on GitHub', () => {
  let events: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    events = await start();
  });
  afterAll(() => events.stop());
  beforeEach(() => {
    events.reviews.length = 0;
  });
  const review = (overrides: Record<string, unknown> = {}) => ({
    ...example(REVIEW),
    action: 'approved',
    approver: { login: 'mei' },
    comment: 'Looks good',
    ...overrides,
  });

  it.each(['approved', 'rejected'])(
    'that %s tells who and why',
    async action => {
      await events.send(REVIEW, review({ action }));
      expect(events.reviews).toMatchObject([
        {
          provider: 'github',
          runId: expect.stringMatching(/^\d+$/),
          by: 'mei',
          decision: action,
          comment: 'Looks good',
        },
      ]);
    },
  );

  it.each([
    ['is only asked for', { action: 'requested' }],
    ['is by somebody of another shape', { approver: { login: 'a b\n<c>' } }],
    ['is of no run', { workflow_run: null }],
  ])('is passed over where it %s', async (_, overrides) => {
    await events.send(REVIEW, review(overrides));
    expect(events.reviews).toEqual([]);
  });
});
