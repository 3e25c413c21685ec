import type { AddressInfo } from 'node:net';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import eventsBackend from '@backstage/plugin-events-backend';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import features from '..';
import { hostPlugin } from './hostPlugin';

/** A backend with this package, the real events plugin, and a stand-in for model delivery. */
export async function startPortal(prometheus?: object) {
  const host = hostPlugin();
  const backend = await startTestBackend({
    features: [
      ...host.features,
      features,
      eventsBackend,
      eventsServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          backend: {
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          events: { useEventBus: 'never' },
          ...(prometheus && { modelDelivery: { prometheus } }),
        } as never,
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  return {
    ...host,
    webhookUrl: `http://127.0.0.1:${port}/api/events/http/alertmanager`,
    stop: () => backend.stop(),
  };
}
