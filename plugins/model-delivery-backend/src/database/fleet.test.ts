import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { modelEntity } from '../__testUtils__/fakes';
import { Aggregator } from '../aggregation/Aggregator';
import { entityKeys } from '../sync/entityKeys';
import { whereEntity } from './entityConditions';
import type { Restriction } from './FleetCounts';
import type { FleetFilter } from './FleetStore';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { Targets } from '../providers/Targets';
import { connect } from './migrate';
import { recordModelChange } from './modelChanges';
import { createStores, type Stores } from './stores';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const everything: FleetFilter = {
  owner: [],
  type: [],
  lifecycle: [],
  environment: [],
};

describe.each(databases.eachSupportedId())('the fleet on %s', id => {
  let knex: Knex;
  let stores: Stores;
  let aggregator: Aggregator;
  const at = (second: number) =>
    new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

  beforeAll(async () => {
    knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
    aggregator = new Aggregator(
      stores,
      new Targets(new ProviderRegistry(), []),
      { publish: async () => undefined },
      mockServices.logger.mock(),
      () => new Date(at(50)),
    );
  });
  afterAll(() => knex.destroy());

  /** A model with runs at these seconds, live in these environments. */
  const put = async (
    name: string,
    overrides: object = {},
    environments: string[] = [],
  ) => {
    const entity = modelEntity(name);
    entity.spec = { ...entity.spec, ...overrides };
    entity.relations = [
      { type: 'ownedBy', targetRef: String(entity.spec.owner) },
    ];
    const spec = modelSpecFromEntity(entity);
    await stores.models.upsert(spec, entityKeys(entity), at(0));
    for (const environment of environments) {
      await knex('live_interval').insert({
        entity_ref: spec.entityRef,
        environment,
        version: '0.1.0',
        from: at(environments.length),
        by: 'system',
        automatic: 0,
        deployment_id: name,
        open_key: `${spec.entityRef}|${environment}`,
        open_target: `${spec.entityRef}|${environment}`,
      });
    }
    await aggregator.refresh(spec.entityRef);
    return spec.entityRef;
  };
  const names = async (
    filter: Partial<FleetFilter>,
    sort: Parameters<Stores['fleet']['page']>[1] = { by: 'name', order: 'asc' },
    limit = 50,
  ) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await stores.fleet.page({ ...everything, ...filter }, sort, {
        limit,
        cursor,
      });
      found.push(...page.items.map(item => item.name));
      cursor = page.nextCursor;
    } while (cursor);
    return found;
  };
  const ownedBy =
    (owner: string): Restriction =>
    (query, plan) =>
      whereEntity(query, { key: 'relations.ownedBy', values: [owner] }, plan);

  it('pages in each sort order without gap or repetition, models without a value last', async () => {
    await put('a-live', {}, ['staging', 'production']);
    await put('b-none', { owner: 'group:default/growth' });
    await put('c-live', { type: 'regression' }, ['production']);
    await put('d-none', { owner: 'group:default/growth' });
    const inOrder = (order: 'asc' | 'desc') =>
      names({}, { by: 'liveSince', order }, 1);
    expect(await inOrder('asc')).toEqual([
      'c-live',
      'a-live',
      'b-none',
      'd-none',
    ]);
    expect(await inOrder('desc')).toEqual([
      'a-live',
      'c-live',
      'd-none',
      'b-none',
    ]);
    for (const by of [
      'attention',
      'name',
      'lastRun',
      'lastDelivery',
    ] as const) {
      for (const order of ['asc', 'desc'] as const) {
        expect((await names({}, { by, order }, 1)).sort()).toEqual([
          'a-live',
          'b-none',
          'c-live',
          'd-none',
        ]);
      }
    }
  });

  it('filters by owner, type, environment and text, alone and together', async () => {
    const growth = 'group:default/growth';
    expect(await names({ owner: [growth] })).toEqual(['b-none', 'd-none']);
    expect(await names({ environment: ['staging'] })).toEqual(['a-live']);
    expect(await names({ environment: ['staging', 'production'] })).toEqual([
      'a-live',
      'c-live',
    ]);
    expect(await names({ search: 'LIVE' })).toEqual(['a-live', 'c-live']);
    expect(await names({ search: '-n' })).toEqual(['b-none', 'd-none']);
    expect(await names({ search: 'e%' })).toEqual([]);
    expect(
      await names({
        search: 'live',
        type: ['regression'],
        environment: ['production'],
      }),
    ).toEqual(['c-live']);
  });

  it('counts what is there, and follows every change', async () => {
    const overview = () => stores.fleet.overview(undefined);
    expect((await overview()).counts.all).toEqual({ n: 4, atLeast: false });
    expect((await overview()).facets).toEqual({
      owner: ['group:default/growth', 'group:default/ml-platform'],
      type: ['classification', 'regression'],
      lifecycle: ['production'],
      environment: ['production', 'staging'],
    });
    await put('d-none', { owner: 'group:default/other' });
    expect((await overview()).facets.owner).toContain('group:default/other');
    await stores.models.markRemoved(['mlmodel:default/d-none'], at(60));
    await stores.models.markRemoved(['mlmodel:default/d-none'], at(61));
    expect((await overview()).counts.all.n).toBe(3);
    expect((await overview()).facets.owner).not.toContain(
      'group:default/other',
    );
    expect(await names({ search: 'd-none' })).toEqual([]);
  });

  it('shows a person with an owners-only policy what that person owns, and no more', async () => {
    const visible = ownedBy('group:default/growth');
    expect(await names({ visible })).toEqual(['b-none']);
    const { counts, facets } = await stores.fleet.overview(visible);
    expect(counts.all).toEqual({ n: 1, atLeast: false });
    expect(facets.owner).toEqual(['group:default/growth']);
    expect(await names({ visible, search: 'live' })).toEqual([]);
  });

  it('keeps the newer of two summaries that are written at once', async () => {
    const ref = await put('e-racing');
    const { summarised } = (await stores.models.get(ref))!;
    const [page] = (
      await stores.fleet.page(
        { ...everything, search: 'e-racing' },
        { by: 'name', order: 'asc' },
        { limit: 1 },
      )
    ).items;
    const detail = (await stores.summaries.detail(ref))!;
    const write = (title: string, changes: number) =>
      stores.summaries.put(
        {
          row: { ...page, title },
          detail: { ...detail, title },
          changesAt: null,
        },
        changes,
      );
    await Promise.all([
      write('newer', summarised + 2),
      write('older', summarised + 1),
    ]);
    expect((await stores.summaries.detail(ref))?.title).toBe('newer');
    expect(await write('older', summarised + 1)).toBe(false);
    expect((await stores.models.get(ref))?.summarised).toBe(summarised + 2);
  });

  it('builds a summary again only after a change, also one that nobody announced', async () => {
    const ref = await put('f-quiet');
    const put2 = jest.spyOn(stores.summaries, 'put');
    await aggregator.refresh(ref);
    expect(put2).not.toHaveBeenCalled();
    await recordModelChange(knex, ref);
    expect(await stores.models.staleRefs(10)).toContain(ref);
    await aggregator.refreshStale();
    expect(put2).toHaveBeenCalledTimes(1);
    expect(await stores.models.staleRefs(10)).toEqual([]);
  });
});
