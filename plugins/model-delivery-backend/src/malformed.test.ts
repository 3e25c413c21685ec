import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  type EventsService,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import { MODEL_PROCESSED_TOPIC } from '@slipway/plugin-model-delivery-common';
import catalog from '@backstage/plugin-catalog-backend';
import request from 'supertest';
import modelDelivery from '.';
import { until } from './__testUtils__/until';

jest.setTimeout(60_000);

const MODEL = '/api/model-delivery/v1/models/default/churn';
const VALID = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: churn
  annotations:
    model-delivery/versions: local:churn
spec:
  type: ml-model
  lifecycle: production
  owner: group:default/growth
`;

/** With the real catalog, which keeps what a file declared before it became malformed. */
describe('a model whose file becomes malformed', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'malformed-'));
  const file = path.join(folder, 'catalog-info.yaml');
  let events: EventsService;
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    fs.writeFileSync(file, VALID);
    backend = await startTestBackend({
      features: [
        catalog,
        modelDelivery,
        metricsServiceMock.factory(),
        createBackendModule({
          pluginId: 'model-delivery',
          moduleId: 'events',
          register(env) {
            env.registerInit({
              deps: { service: eventsServiceRef },
              async init({ service }) {
                events = service;
              },
            });
          },
        }),
        mockServices.rootConfig.factory({
          data: {
            backend: {
              baseUrl: 'http://localhost',
              database: { client: 'better-sqlite3', connection: ':memory:' },
            },
            catalog: {
              processingInterval: { seconds: 1 },
              locations: [{ type: 'file', target: file }],
            },
          },
        }),
      ],
    });
  });
  afterAll(async () => {
    await backend?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  const page = () => request(backend.server).get(MODEL);
  /** The catalog's module announces this whenever the catalog processed the entity. */
  const problemAfterProcessing = async () => {
    await events.publish({
      topic: MODEL_PROCESSED_TOPIC,
      eventPayload: { entityRef: 'component:default/churn' },
    });
    return (await page()).body.problem;
  };

  it('keeps its page, which names the file and the line until the file is valid again', async () => {
    await until(async () => (await page()).status === 200);
    expect((await page()).body.problem).toBeNull();

    fs.writeFileSync(file, VALID.replace('kind: Component', 'kind: [oops'));
    await until(async () => (await problemAfterProcessing()) !== null);
    const { status, body } = await page();
    expect(status).toBe(200);
    expect(body.owner).toBe('group:default/growth');
    expect(body.problem).toContain(file);
    expect(body.problem).toMatch(/line \d+/);
    expect(body.problem).not.toContain('\n');
    expect(body.problem).toMatch(/Correct the file/);

    fs.writeFileSync(file, VALID);
    await until(async () => (await problemAfterProcessing()) === null);
  });
});
