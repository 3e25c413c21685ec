import { modelSpecFromEntity } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { FakeSystem, modelEntity } from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import type { Stores } from '../database/stores';
import { ProviderRegistry } from '../providers/ProviderRegistry';
import { EnvironmentSyncer } from './EnvironmentSyncer';

const spec = modelSpecFromEntity(modelEntity());
const READY = { live: null, status: 'ready', message: null, endpoint: null };

describe('EnvironmentSyncer', () => {
  let knex: Knex;
  let stores: Stores;
  let answers: Record<string, unknown>;
  let syncer: EnvironmentSyncer;
  beforeEach(async () => {
    ({ knex, stores } = await memoryStores());
    answers = { staging: READY, production: READY };
    const registry = new ProviderRegistry();
    registry.add(
      'deployments',
      Object.assign(new FakeSystem(), {
        getState: async ({ environment }: { environment: string }) =>
          answers[environment] as never,
      }),
    );
    syncer = new EnvironmentSyncer(stores, registry, () => new Date());
  });
  afterEach(() => knex.destroy());

  const sync = () =>
    syncer.sync(spec, 'fake', { signal: new AbortController().signal });
  const statuses = async () =>
    [...(await stores.live.states(spec.entityRef))].map(
      ([name, { status }]) => `${name} ${status}`,
    );

  it('lets a state that does not hold cost its environment, and keeps what was known of it', async () => {
    await sync();
    answers = {
      staging: { ...READY, status: 'fine' },
      production: { ...READY, status: 'failing' },
    };
    const { changed, missing } = await sync();
    expect(changed).toBe(true);
    expect(missing).toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining(
        'Fake system returned invalid data about environment staging: state.status is "fine"',
      ),
    });
    expect((await statuses()).sort()).toEqual([
      'production failing',
      'staging ready',
    ]);
  });

  it('fails where no state holds', async () => {
    answers = {};
    await expect(sync()).rejects.toMatchObject({ kind: 'bad-data' });
    expect(await statuses()).toEqual([]);
  });
});
