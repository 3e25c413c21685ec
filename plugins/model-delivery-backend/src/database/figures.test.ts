import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { newDeployment } from '../__testUtils__/deliveryParts';
import { fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { Aggregator } from '../aggregation/Aggregator';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { Targets } from '../providers/Targets';
import { connect } from './migrate';
import { createStores, type Stores } from './stores';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('the figures on %s', id => {
  let knex: Knex;
  let stores: Stores;
  const at = (hour: number) =>
    new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
  const [penguins, weather] = ['penguins', 'weather'].map(name =>
    modelSpecFromEntity(modelEntity(name)),
  );

  /** A version that was live from an hour to another one. */
  const put = async (
    spec: typeof penguins,
    [from, to]: [number, number | null],
    more: {
      version?: string;
      action?: 'deploy' | 'rollback';
      endedBy?: 'superseded' | 'rolled-back';
    } = {},
  ) => {
    const deploymentId = `${spec.name}-${from}`;
    await stores.deployments.create(
      {
        ...newDeployment(spec, { id: deploymentId }),
        action: more.action ?? 'deploy',
        environment: `e${from}`,
        targetKey: deploymentId,
      },
      at(from),
    );
    await knex('live_interval').insert({
      entity_ref: spec.entityRef,
      environment: 'production',
      version: more.version ?? '0.1.0',
      from: at(from),
      to: to === null ? null : at(to),
      ended_by: more.endedBy ?? null,
      by: 'system',
      automatic: 0,
      deployment_id: deploymentId,
    });
  };

  beforeAll(async () => {
    knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
    const aggregator = new Aggregator(
      stores,
      new Targets(new ProviderRegistry(), []),
      { publish: async () => undefined },
      mockServices.logger.mock(),
      () => new Date(at(6)),
    );
    for (const spec of [penguins, weather]) {
      await stores.models.upsert(spec, [], at(0));
      await aggregator.refresh(spec.entityRef);
    }
    await stores.versions.upsert(penguins.entityRef, {
      ...fakeVersion(1),
      committedAt: at(0),
    });
    await put(penguins, [1, 3], { endedBy: 'rolled-back' });
    await put(penguins, [3, 5], { action: 'rollback', endedBy: 'superseded' });
    await put(penguins, [5, null], { version: '0.9.0' });
    await put(weather, [2, null]);
  });
  afterAll(() => knex.destroy());

  it('read the changes of a model, newest first, and no roll back', async () => {
    expect(
      await stores.figures.ofModel(penguins.entityRef, 'production', at(0), 10),
    ).toEqual([
      { liveAt: at(5), endedAt: null, wasRolledBack: false, committedAt: null },
      {
        liveAt: at(1),
        endedAt: at(3),
        wasRolledBack: true,
        committedAt: at(0),
      },
    ]);
  });

  it('read from a time on, up to a limit, in the environment alone', async () => {
    const { figures } = stores;
    const ref = penguins.entityRef;
    expect(await figures.ofModel(ref, 'production', at(2), 10)).toHaveLength(1);
    expect(await figures.ofModel(ref, 'production', at(0), 1)).toHaveLength(1);
    expect(await figures.ofModel(ref, 'staging', at(0), 10)).toEqual([]);
  });

  it('read the changes of the models that the caller may see', async () => {
    const { figures } = stores;
    const all = await figures.ofFleet(undefined, 'production', at(0), 10);
    expect(all.map(change => change.liveAt)).toEqual([at(5), at(2), at(1)]);
    const visible = await figures.ofFleet(
      query => query.where('model_summary.name', 'weather'),
      'production',
      at(0),
      10,
    );
    expect(visible.map(change => change.liveAt)).toEqual([at(2)]);
  });
});
