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

const SECRET = 'between-gitlab-and-us';

/** Jest knows no dynamic imports, by which the package's own feature loads its two parts. */
export const part = (name: string): BackendFeature =>
  jest.requireActual(
    path.join(
      path.dirname(
        require.resolve('@backstage/plugin-events-backend-module-gitlab/package.json'),
      ),
      `dist/service/${name}.cjs.js`,
    ),
  ).default;

/** The events backend with GitLab's own module, and a listener of ours behind it. */
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
      part('eventsModuleGitlabEventRouter'),
      part('eventsModuleGitlabWebhook'),
      eventsServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          backend: {
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          events: {
            useEventBus: 'never',
            ...(configured && {
              modules: { gitlab: { webhookSecret: configured } },
            }),
          },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  const send = async (
    payload: object,
    { secret = SECRET, delivery = '' } = {},
  ): Promise<number> => {
    const answer = await fetch(
      `http://127.0.0.1:${port}/api/events/http/gitlab`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-gitlab-token': secret,
          ...(delivery && { 'idempotency-key': delivery }),
        },
        body: JSON.stringify(payload),
      },
    );
    return answer.status;
  };
  return { send, stop: () => backend.stop() };
}
