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
  type EventsService,
  eventsServiceFactory,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import examples from '@octokit/webhooks-examples';

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
export function example(
  event: string,
  action?: string,
): Record<string, unknown> {
  const found = (
    examples as unknown as { name: string; examples: { action?: string }[] }[]
  ).find(({ name }) => name === event);
  const payload = found?.examples.find(
    one => action === undefined || one.action === action,
  );
  if (!payload) throw new Error(`There is no example of ${event} ${action}`);
  return payload as Record<string, unknown>;
}

/** The events backend with GitHub's own module, and a listener of ours behind it. */
export async function startEvents(
  listen: (events: EventsService) => Promise<void>,
  configured = SECRET,
) {
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
          await listen(events);
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
  return { send, stop: () => backend.stop() };
}
