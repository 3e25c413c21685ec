import crypto from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import eventsPlugin from '@backstage/plugin-events-backend';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import modelDelivery from '@slipway/plugin-model-delivery-backend';
import { ShelfServer } from './__testUtils__/ShelfServer';
import shelfModule from './index';

jest.setTimeout(60_000);

const model = {
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: { name: 'penguins', namespace: 'default' },
  spec: {
    type: 'classification',
    lifecycle: 'production',
    owner: 'group:default/ml-platform',
    versions: { provider: 'shelf', name: 'penguin-species' },
  },
};

/** The plugin with the module, and a catalog that has one model. */
async function startPortal(shelf: object) {
  const backend = await startTestBackend({
    features: [
      modelDelivery,
      shelfModule,
      eventsPlugin,
      eventsServiceFactory,
      catalogServiceMock.factory({ entities: [model] }),
      metricsServiceMock.factory(),
      mockServices.rootConfig.factory({
        data: {
          // One process: there is nobody to poll.
          events: { useEventBus: 'never' },
          modelDelivery: { shelf: { ...shelf } },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api`;
  return {
    stop: () => backend.stop(),
    versions: async (): Promise<string[]> => {
      const answer = await fetch(
        `${url}/model-delivery/v1/models/default/penguins/versions`,
        { headers: { authorization: mockCredentials.user.header() } },
      );
      const { items } = await answer.json();
      return items.map((item: { version: string }) => item.version);
    },
    deliver: async (headers: Record<string, string>, body: string) => {
      const answer = await fetch(`${url}/events/http/shelf`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return answer.status;
    },
  };
}

const signed = (body: string, secret: string) => ({
  'x-shelf-signature': `sha256=${crypto
    .createHmac('sha256', secret)
    .update(body)
    .digest('hex')}`,
});

describe('the module in a portal', () => {
  let shelf: ShelfServer;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  beforeAll(async () => {
    shelf = await ShelfServer.start();
    shelf.register('penguin-species', 0.9);
    portal = await startPortal({ url: shelf.url, webhookSecret: 's3cret' });
  });
  afterAll(async () => {
    await portal?.stop();
    await shelf?.close();
  });

  async function untilServed(wanted: string[]) {
    const deadline = Date.now() + 20_000;
    let served = await portal.versions();
    while (served.join() !== wanted.join()) {
      if (Date.now() > deadline) throw new Error(`It serves: ${served}`);
      await delay(50);
      served = await portal.versions();
    }
    return served;
  }

  it('serves what Shelf has', async () => {
    expect(await untilServed(['1'])).toEqual(['1']);
  });

  it('reads again at once when a signed delivery says so', async () => {
    await untilServed(['1']);
    shelf.register('penguin-species', 0.95);
    const body = JSON.stringify({ model: 'penguin-species' });
    expect(await portal.deliver(signed(body, 's3cret'), body)).toBe(202);
    expect(await untilServed(['2', '1'])).toEqual(['2', '1']);
  });

  it('lets no delivery in that is not signed', async () => {
    const body = JSON.stringify({ model: 'penguin-species' });
    expect(await portal.deliver({}, body)).toBe(403);
    expect(await portal.deliver(signed(body, 'another'), body)).toBe(403);
  });
});

describe('a setting that does not hold', () => {
  it('fails the start, is named, and its value is not told', async () => {
    const error = await startPortal({ url: 'ftp://s3cret' }).catch(e => e);
    const text = `${error.message} ${error.cause?.message}`;
    expect(text).toContain('modelDelivery.shelf.url: Invalid URL');
    expect(text).not.toContain('s3cret');
  });
});
