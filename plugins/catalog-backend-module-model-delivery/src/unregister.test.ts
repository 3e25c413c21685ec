import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import modelDelivery from '@slipway/plugin-model-delivery-backend';
import catalogModule from './index';

jest.setTimeout(90_000);

const DEADLINE_MS = 60_000;

describe('a model registered from the page, in a real catalog', () => {
  let base: string;
  let stop: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const backend = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModule,
        modelDelivery,
        eventsServiceFactory,
        metricsServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: {
            // One process: there is nobody to poll.
            events: { useEventBus: 'never' },
            catalog: { rules: [{ allow: ['MLModel'] }] },
          },
        }),
      ],
    });
    stop = () => backend.stop();
    const { port } = backend.server.address() as AddressInfo;
    base = `http://127.0.0.1:${port}/api`;
  });
  afterAll(() => stop?.());

  const send = async (path: string, body?: object) => {
    const answer = await fetch(`${base}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: mockCredentials.user.header(),
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    await answer.text();
    return answer.status;
  };
  const register = () =>
    send('/model-delivery/v1/onboarding/models', {
      name: 'churn',
      owner: 'group:default/growth',
    });
  const unregister = () =>
    send('/model-delivery/v1/onboarding/models/default/churn/unregister', {
      reason: 'A mistake',
    });

  async function untilCatalogSays(status: number) {
    const path = '/catalog/entities/by-name/mlmodel/default/churn';
    const deadline = Date.now() + DEADLINE_MS;
    let said = await send(path);
    while (said !== status) {
      if (Date.now() > deadline) throw new Error(`The catalog says ${said}`);
      await delay(100);
      said = await send(path);
    }
    return said;
  }

  it('enters it, leaves it when it is unregistered, and comes again', async () => {
    expect(await register()).toBe(200);
    expect(await untilCatalogSays(200)).toBe(200);
    // The only model that there is: nothing holds its leaving up.
    expect(await unregister()).toBe(200);
    expect(await untilCatalogSays(404)).toBe(404);
    expect(await register()).toBe(200);
    expect(await untilCatalogSays(200)).toBe(200);
  });
});
