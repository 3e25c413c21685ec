import { mockServices } from '@backstage/backend-test-utils';
import {
  type FreezeWindow,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { deliveryParts } from '../__testUtils__/deliveryParts';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { memoryStores } from '../__testUtils__/memoryStores';
import { Aggregator } from '../aggregation/Aggregator';
import type { Stores } from '../database/stores';
import { AutomaticDelivery } from './AutomaticDelivery';
import { considerDue } from './considerDue';

const freeze: FreezeWindow[] = [
  {
    from: '2026-01-01T00:00',
    to: '2026-01-02T00:00',
    timeZone: 'UTC',
    reason: 'Stocktaking',
  },
];
const declared = modelSpecFromEntity(modelEntity());
const spec = {
  ...declared,
  environments: declared.environments.map(e =>
    e.name === 'staging' ? { ...e, freeze } : e,
  ),
};
const ref = spec.entityRef;

describe('what time alone changes', () => {
  let knex: Knex;
  let stores: Stores;
  let aggregator: Aggregator;
  let automatic: AutomaticDelivery;
  let parts: ReturnType<typeof deliveryParts>;
  let time: string;
  const now = () => new Date(time);
  const logger = mockServices.logger.mock();

  beforeEach(async () => {
    time = '2026-01-01T12:00:00.000Z';
    ({ knex, stores } = await memoryStores());
    parts = deliveryParts({ stores, system: new FakeSystem(), now });
    const { delivery, targets } = parts;
    automatic = new AutomaticDelivery({
      stores,
      targets,
      delivery,
      logger,
      now,
    });
    aggregator = new Aggregator(
      stores,
      targets,
      { publish: async () => undefined },
      logger,
      now,
    );
    await stores.models.upsert(spec, [], time);
    await stores.versions.upsert(ref, fakeVersion(1));
    await stores.versions.putEvidence(ref, { type: 'version', id: '0.1.0' }, [
      unitTests('pass'),
    ]);
    await aggregator.refresh(ref);
  });
  afterEach(() => knex.destroy());

  const sweep = async (
    consider = (of: typeof spec) => automatic.consider(of),
  ) => {
    await considerDue({ stores, consider, logger, now });
    await aggregator.refreshStale();
  };
  const shown = async () => {
    const detail = await stores.summaries.detail(ref);
    return detail?.environments.find(e => e.name === 'staging');
  };
  const requested = async () =>
    (await stores.deployments.list(ref, {}, { limit: 50 })).items.map(
      d => `${d.version} ${d.state}`,
    );

  it('delivers when a freeze ends, without any other cause', async () => {
    await automatic.consider(spec);
    time = '2026-01-01T23:59:59.999Z';
    await sweep();
    expect(await requested()).toEqual([]);
    expect((await shown())?.candidateGates?.waits).toHaveLength(1);
    time = '2026-01-02T00:00:00.000Z';
    await sweep();
    expect(await requested()).toEqual(['0.1.0 requested']);
    expect((await shown())?.candidateGates?.waits).toEqual([]);
  });

  it('holds a request of a person until the freeze ends', async () => {
    const { delivery } = parts;
    const answer = await delivery.deploy(spec, {
      environment: 'staging',
      version: '0.1.0',
      reason: 'Try it',
      by: 'user:default/ada',
      automatic: false,
      override: false,
      requestKey: 'one',
    });
    expect(answer).toMatchObject({
      state: 'waiting',
      message: expect.stringContaining(
        'staging is frozen until 2026-01-02 00:00 UTC: Stocktaking',
      ),
    });
    await parts.round();
    time = '2026-01-01T23:59:59.999Z';
    await parts.round();
    expect(await requested()).toEqual(['0.1.0 waiting']);
    time = '2026-01-02T00:00:01.000Z';
    await parts.round();
    time = '2026-01-02T00:00:02.000Z';
    await parts.round();
    expect(await requested()).toEqual(['0.1.0 live']);
  });

  it('brings the page up to date although the consideration fails', async () => {
    time = '2026-01-02T00:00:00.000Z';
    await sweep(async () => {
      throw new Error('The database is away');
    });
    expect((await shown())?.candidateGates?.waits).toEqual([]);
    expect(await stores.models.dueRefs(time, 10)).toEqual([]);
  });

  it('considers a model again whose consideration a crash interrupted', async () => {
    time = '2026-01-02T00:00:00.000Z';
    expect(await stores.models.dueRefs(time, 10)).toEqual([ref]);
    expect(await stores.models.dueRefs(time, 10)).toEqual([ref]);
    await sweep();
    expect(await stores.models.dueRefs(time, 10)).toEqual([]);
  });
});
