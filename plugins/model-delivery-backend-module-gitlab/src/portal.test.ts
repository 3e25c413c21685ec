import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import eventsBackend from '@backstage/plugin-events-backend';
import { eventsServiceFactory } from '@backstage/plugin-events-node';
import modelDelivery from '@slipway/plugin-model-delivery-backend';
import { part } from './__testUtils__/eventsBackend';
import { GitlabStandIn, STAND_IN_TOKEN } from './__testUtils__/GitlabStandIn';
import { shelfModule } from './__testUtils__/shelf';
import gitlabModule from './index';

jest.setTimeout(120_000);

const PATH = 'acme/research/penguins';
const SECRET = 'between-gitlab-and-us';
const model = {
  apiVersion: 'model-delivery/v1alpha1',
  kind: 'MLModel',
  metadata: {
    name: 'penguins',
    namespace: 'default',
    annotations: {
      'backstage.io/managed-by-location': `url:https://gitlab.example/${PATH}/-/blob/main/catalog-info.yaml`,
      'gitlab.com/project-slug': PATH,
    },
  },
  spec: {
    type: 'classification',
    lifecycle: 'production',
    owner: 'group:default/ml-platform',
    versions: { provider: 'shelf' },
    pipelines: [{ provider: 'gitlab' }],
    environments: [{ name: 'production', target: { provider: 'gitlab' } }],
  },
};

async function startPortal(apiBaseUrl: string) {
  const backend = await startTestBackend({
    features: [
      modelDelivery,
      gitlabModule,
      shelfModule,
      eventsBackend,
      part('eventsModuleGitlabEventRouter'),
      part('eventsModuleGitlabWebhook'),
      eventsServiceFactory,
      catalogServiceMock.factory({ entities: [model] }),
      metricsServiceMock.factory(),
      mockServices.rootConfig.factory({
        data: {
          events: {
            useEventBus: 'never',
            modules: { gitlab: { webhookSecret: SECRET } },
          },
          integrations: {
            gitlab: [
              {
                host: 'gitlab.example',
                baseUrl: 'https://gitlab.example',
                apiBaseUrl,
                token: STAND_IN_TOKEN,
              },
            ],
          },
          modelDelivery: {
            gitlab: { hosts: [{ id: 'gitlab', host: 'gitlab.example' }] },
          },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api`;
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(
      `${url}/model-delivery/v1/models/default/penguins${path}`,
      {
        method: body ? 'POST' : 'GET',
        headers: {
          authorization: mockCredentials.user.header(),
          'content-type': 'application/json',
        },
        body: body && JSON.stringify(body),
      },
    );
    return answer.json();
  };
  const webhook = async (payload: object) =>
    fetch(`${url}/events/http/gitlab`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-gitlab-token': SECRET,
      },
      body: JSON.stringify({
        ...payload,
        project: {
          web_url: `https://gitlab.example/${PATH}`,
          path_with_namespace: PATH,
        },
      }),
    });
  return { stop: () => backend.stop(), ask, webhook };
}

describe('a portal with GitLab', () => {
  const standIn = new GitlabStandIn();
  let portal: Awaited<ReturnType<typeof startPortal>>;
  beforeAll(async () => {
    await standIn.start();
    standIn.addJob(standIn.addPipeline(PATH));
    portal = await startPortal(standIn.url);
  });
  afterAll(async () => {
    await portal?.stop();
    await standIn.stop();
  });

  async function until<T>(
    read: () => Promise<T>,
    isThere: (value: T) => boolean,
  ): Promise<T> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const value = await read();
      if (isThere(value)) return value;
      if (Date.now() > deadline) throw new Error(JSON.stringify(value));
      await sleep(100);
    }
  }
  const environment = async () => (await portal.ask('')).environments?.[0];

  it('shows the runs of the project', async () => {
    const { items } = await until(
      async () => portal.ask('/runs'),
      runs => runs.items?.length === 1,
    );
    expect(items[0]).toMatchObject({ provider: 'gitlab', status: 'passed' });
  });

  it('deploys through one pipeline, to the project that the entity comes from', async () => {
    await until(
      async () => portal.ask('/versions'),
      versions => versions.items?.length === 1,
    );
    await portal.ask('/deployments', {
      environment: 'production',
      version: '1.0.0',
      reason: 'Go',
    });
    const { live } = await until(environment, one => Boolean(one?.live));
    expect(live).toMatchObject({ version: '1.0.0' });
    const started = standIn
      .project(PATH)
      .pipelines.filter(({ source }) => source === 'api');
    expect(started).toHaveLength(1);
    expect(started[0].variables).toContainEqual({
      key: 'SLIPWAY_DEPLOYMENT_ID',
      value: live.deploymentId,
    });
  });

  it('shows who changed the environment outside, once a webhook hints at it', async () => {
    const pipeline = standIn.addPipeline(PATH, { ref: 'v2.0.0' });
    const job = standIn.addJob(pipeline, { name: 'deploy' });
    standIn.addDeployment(PATH, { ref: 'v2.0.0', by: { pipeline, job } });
    const answer = await portal.webhook({
      object_kind: 'deployment',
      status: 'success',
    });
    expect(answer.status).toBe(202);
    const { changedOutside } = await until(environment, one =>
      Boolean(one?.changedOutside),
    );
    expect(changedOutside.sentence).toBe(
      'v2.0.0 is served here, and 1.0.0 was deployed through Slipway: it was changed outside by Ada.',
    );
  });
});
