import type { Entity } from '@backstage/catalog-model';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

const relation = (type: string, targetRef: string) => ({ type, targetRef });
const entity = (
  kind: string,
  name: string,
  relations: Entity['relations'],
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  spec: {},
  relations,
});
const model: Entity = {
  ...modelEntity(),
  relations: [
    relation('providesApi', 'api:default/penguins'),
    relation('dependencyOf', 'component:default/census'),
    relation('ownedBy', 'group:default/ml'),
  ],
};
const api = entity('API', 'penguins', [
  relation('apiConsumedBy', 'component:default/zoo-shop'),
  relation('apiConsumedBy', 'component:default/census'),
  relation('apiConsumedBy', 'component:default/gone'),
]);
const shop = entity('Component', 'zoo-shop', [
  relation('ownedBy', 'group:default/web'),
]);
const census = entity('Component', 'census', []);

describe('the impact of a version', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    backend = await startBackend({
      system,
      entities: [model, api, shop, census],
    });
    await until(async () => {
      const { body } = await backend.api.get(`${MODEL}/versions`);
      return body.items?.length === 1;
    });
  });
  afterAll(() => backend.stop());

  const ask = (version: string, environment = 'production') =>
    backend.api.get(
      `${MODEL}/environments/${environment}/impact?version=${version}`,
    );

  it('names who uses the model, once each and with the owner', async () => {
    const { status, body } = await ask('0.1.0');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      liveVersion: null,
      signature: {
        verdict: 'compatible',
        summary: 'No version is live here yet, so nobody calls it.',
      },
      apis: ['api:default/penguins'],
      consumers: [
        {
          entityRef: 'component:default/census',
          title: 'census',
          owner: null,
          through: null,
        },
        {
          entityRef: 'component:default/zoo-shop',
          title: 'zoo-shop',
          owner: 'group:default/web',
          through: 'api:default/penguins',
        },
      ],
      problem: null,
    });
  });

  it('knows no version and no environment that there is not', async () => {
    expect((await ask('9.9.9')).status).toBe(404);
    expect((await ask('0.1.0', 'moon')).status).toBe(404);
  });
});
