import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  type BackendFeature,
  createBackendModule,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import eventsBackend from '@backstage/plugin-events-backend';
import {
  eventsServiceFactory,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import examples from '@octokit/webhooks-examples';
import type { Hint } from './Hints';
import { subscribeToWebhooks } from './subscribe';

jest.setTimeout(60_000);

const SECRET = 'between-github-and-us';

/** Jest knows no dynamic imports, by which the package's own feature loads its two parts. */
const part = (name: string): BackendFeature =>
  jest.requireActual(
    path.join(
      path.dirname(
        require.resolve('@backstage/plugin-events-backend-module-github/package.json'),
      ),
      `dist/service/${name}.cjs.js`,
    ),
  ).default;

/** A payload as GitHub publishes it, of one action where it has several. */
function example(event: string, action?: string): Record<string, unknown> {
  const found = (
    examples as unknown as { name: string; examples: { action?: string }[] }[]
  ).find(({ name }) => name === event);
  const payload = found?.examples.find(
    one => action === undefined || one.action === action,
  );
  if (!payload) throw new Error(`There is no example of ${event} ${action}`);
  return payload as Record<string, unknown>;
}

/** The events backend with GitHub's own module, and our listener behind it. */
async function startEvents(configured = SECRET) {
  const heard: Hint[] = [];
  const host = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const listener = createBackendModule({
    pluginId: 'model-delivery',
    moduleId: 'listener',
    register(env) {
      env.registerInit({
        deps: { events: eventsServiceRef },
        async init({ events }) {
          await subscribeToWebhooks(events, [
            { host: 'github.com', hear: hint => heard.push(hint) },
          ]);
        },
      });
    },
  });
  const backend = await startTestBackend({
    features: [
      host,
      listener,
      eventsBackend,
      part('eventsModuleGithubEventRouter'),
      part('eventsModuleGithubWebhook'),
      eventsServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          backend: {
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          events: {
            useEventBus: 'never',
            ...(configured && {
              modules: { github: { webhookSecret: configured } },
            }),
          },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  const send = async (
    event: string,
    payload: object,
    { secret = SECRET, delivery = 'one' } = {},
  ): Promise<number> => {
    const body = JSON.stringify(payload);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const answer = await fetch(
      `http://127.0.0.1:${port}/api/events/http/github`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': event,
          'x-github-delivery': delivery,
          'x-hub-signature-256': `sha256=${signature}`,
        },
        body,
      },
    );
    return answer.status;
  };
  return { heard, send, stop: () => backend.stop() };
}

describe('webhooks of GitHub', () => {
  let events: Awaited<ReturnType<typeof startEvents>>;
  beforeAll(async () => {
    events = await startEvents();
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
    const closed = await startEvents('');
    expect(await closed.send('push', example('push'))).toBe(404);
    expect(closed.heard).toEqual([]);
    await closed.stop();
  });
});
