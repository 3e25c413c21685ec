import knexFactory, { type Knex } from 'knex';
import type { Entity } from '@backstage/catalog-model';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { modelEntity } from '../__testUtils__/fakes';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { Targets } from '../providers/Targets';
import { CatalogSync } from './CatalogSync';

describe('reading the catalog', () => {
  let knex: Knex;
  let stores: Stores;
  const now = () => new Date(Date.UTC(2026, 0, 1));

  beforeEach(async () => {
    knex = knexFactory({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
    });
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
  });
  afterEach(() => knex.destroy());

  const registry = new ProviderRegistry();
  const syncOf = (entities: Entity[]) =>
    new CatalogSync({
      catalog: catalogServiceMock({ entities }),
      auth: mockServices.auth(),
      stores,
      registry,
      targets: new Targets(registry, []),
      defaults: {},
      logger: mockServices.logger.mock(),
      onChanged: async () => {},
      now,
    });
  const sweep = (entities: Entity[]) => syncOf(entities).sweep();
  const names = ['a', 'b', 'c', 'd', 'e'];
  const unregister = async (name: string) => {
    const ref = `mlmodel:default/${name}`;
    await stores.registered.put(ref, modelEntity(name), 'ada', 't1');
    await stores.registered.unregister(ref, { by: 'ada', reason: 'x' }, 't2');
  };

  it('does not believe a catalog that lost most models, or all', async () => {
    await sweep(names.map(modelEntity));
    await sweep([modelEntity('a')]);
    await sweep([]);
    expect(await stores.models.refs()).toHaveLength(5);
    await sweep(names.slice(1).map(modelEntity));
    expect(await stores.models.refs()).toHaveLength(4);
  });

  it('lets go of what people unregistered, however much, and of nothing with it', async () => {
    await sweep(names.map(modelEntity));
    for (const name of ['b', 'c', 'd']) await unregister(name);
    await sweep([]);
    expect((await stores.models.refs()).sort()).toEqual([
      'mlmodel:default/a',
      'mlmodel:default/e',
    ]);
  });

  it('keeps what was unregistered while the catalog has it', async () => {
    await unregister('a');
    await sweep([modelEntity('a')]);
    expect(await stores.models.refs()).toEqual(['mlmodel:default/a']);
  });

  it('keeps a model whose entity became invalid as last valid, and says what is wrong', async () => {
    const component = (versions: string): Entity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'a',
        namespace: 'default',
        annotations: { 'model-delivery/versions': versions },
      },
      spec: { type: 'ml-model', lifecycle: 'production', owner: 'x' },
    });
    await sweep([component('mlflow:a')]);
    expect(await stores.models.refs()).toEqual(['component:default/a']);
    await sweep([component('a')]);
    expect(await stores.models.get('component:default/a')).toMatchObject({
      spec: { versions: { provider: 'mlflow', name: 'a' } },
      problem: expect.stringContaining('write <provider>:<name>'),
    });
    await sweep([component('mlflow:a')]);
    expect(
      (await stores.models.get('component:default/a'))?.problem,
    ).toBeNull();
  });

  it('skips an entity that was never valid', async () => {
    const invalid = modelEntity('a');
    invalid.spec = { ...invalid.spec, environments: [{ name: 'No!' }] };
    await sweep([invalid, modelEntity('b')]);
    expect(await stores.models.refs()).toEqual(['mlmodel:default/b']);
  });

  it('shows what the catalog could not process', async () => {
    const failing = {
      ...modelEntity('a'),
      status: {
        items: [{ type: 'x', level: 'error', message: 'YAML error at line 2' }],
      },
    };
    await sweep([failing as Entity]);
    expect(await stores.models.get('mlmodel:default/a')).toMatchObject({
      problem: 'YAML error at line 2',
    });
  });

  it('removes a model that the catalog no longer has when it is read alone', async () => {
    await sweep([modelEntity('a')]);
    await syncOf([]).readOne('mlmodel:default/a');
    expect(await stores.models.refs()).toEqual([]);
  });
});
