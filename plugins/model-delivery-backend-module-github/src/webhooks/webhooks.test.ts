import { example, startEvents } from '../__testUtils__/eventsBackend';
import type { Hint } from '@slipway/plugin-model-delivery-node/webhooks';
import { subscribeToWebhooks } from './subscribe';

jest.setTimeout(60_000);

async function start(configured?: string) {
  const heard: Hint[] = [];
  const backend = await startEvents(
    async events =>
      subscribeToWebhooks(events, [
        { host: 'github.com', hear: hint => heard.push(hint) },
      ]),
    configured,
  );
  return { ...backend, heard };
}

describe('webhooks of GitHub', () => {
  let events: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    events = await start();
  });
  afterAll(() => events.stop());
  beforeEach(() => {
    events.heard.length = 0;
  });

  it.each([
    ['workflow_run', 'runs'],
    ['workflow_job', 'runs'],
    ['push', 'runs'],
    ['release', 'runs'],
    ['deployment_status', 'deployments'],
  ])('%s says which repository to look at', async (event, what) => {
    const status = await events.send(event, example(event), {
      delivery: event,
    });
    expect(status).toBe(202);
    expect(events.heard).toMatchObject([
      { subject: expect.stringMatching(/^github\.com\/[^/]+\/[^/]+$/), what },
    ]);
  });

  it('without our secret has no effect', async () => {
    const status = await events.send('push', example('push'), {
      secret: 'a-guess',
      delivery: 'forged',
    });
    expect(status).toBe(403);
    expect(events.heard).toEqual([]);
  });

  it('that comes twice is one hint', async () => {
    const payload = example('workflow_run', 'completed');
    for (let i = 0; i < 2; i += 1) {
      expect(
        await events.send('workflow_run', payload, { delivery: 'twice' }),
      ).toBe(202);
    }
    expect(events.heard).toHaveLength(1);
  });

  it('in another order hint at the same repository, which is then read as it is', async () => {
    const payload = example('workflow_run', 'completed');
    for (const action of ['completed', 'requested']) {
      await events.send(
        'workflow_run',
        { ...payload, action },
        { delivery: action },
      );
    }
    const [first, second] = events.heard;
    expect(second).toEqual(first);
  });

  it.each([
    ['nothing of a repository', { zen: 'Speak like a human.' }],
    ['a repository of another shape', { repository: { full_name: 7 } }],
    [
      'a repository of a host that is not followed',
      {
        repository: {
          full_name: 'acme/penguins',
          html_url: 'https://ghe.example.com/acme/penguins',
        },
      },
    ],
  ])('with %s is passed over', async (name, payload) => {
    expect(await events.send('push', payload, { delivery: name })).toBe(202);
    expect(events.heard).toEqual([]);
  });

  it('are not taken at all without a secret of the configuration', async () => {
    const closed = await start('');
    expect(await closed.send('push', example('push'))).toBe(404);
    expect(closed.heard).toEqual([]);
    await closed.stop();
  });
});
