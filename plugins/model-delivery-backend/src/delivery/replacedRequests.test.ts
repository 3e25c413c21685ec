import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import { anyone, deliveryParts } from '../__testUtils__/deliveryParts';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';
import { AutomaticDelivery } from './AutomaticDelivery';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const REVIEWERS = 'group:default/ml-reviewers';

describe.each(databases.eachSupportedId())(
  'a version that meets the request of an older one, on %s',
  id => {
    let stores: Stores;
    let close: () => Promise<void>;
    let spec: ModelSpec;
    let system: FakeSystem;
    let models = 0;
    let clock = Date.UTC(2026, 1, 1);
    const now = () => new Date((clock += 1_000));

    /** Registers a version that its gates let pass. */
    const add = async (n: number) => {
      const { version } = fakeVersion(n);
      await stores.versions.upsert(spec.entityRef, fakeVersion(n));
      await stores.versions.putEvidence(
        spec.entityRef,
        { type: 'version', id: version },
        [unitTests('pass')],
      );
    };
    beforeAll(async () => {
      const knex = await databases.init(id);
      await connect({
        ...mockServices.database.mock(),
        getClient: async () => knex,
      });
      stores = createStores(knex);
      close = () => knex.destroy();
    });
    afterAll(() => close());
    beforeEach(async () => {
      models += 1;
      system = new FakeSystem();
      spec = modelSpecFromEntity(modelEntity(`model-${models}`));
      spec.environments[0].approvals = {
        required: 2,
        from: [REVIEWERS],
        notByAuthors: false,
      };
      await stores.models.upsert(spec, [], now().toISOString());
      await add(1);
    });

    const worker = () => {
      const parts = deliveryParts({ stores, system, now });
      const automatic = new AutomaticDelivery({
        stores,
        targets: parts.targets,
        delivery: parts.delivery,
        logger: mockServices.logger.mock(),
        now,
      });
      return { ...parts, automatic };
    };
    const consider = async (...workers: ReturnType<typeof worker>[]) => {
      await Promise.all(workers.map(one => one.automatic.consider(spec)));
    };
    /** The last one that was requested comes first. */
    const requests = async () => {
      const { items } = await stores.deployments.list(
        spec.entityRef,
        { environment: 'staging' },
        { limit: 50 },
      );
      return items.sort((a, b) => b.requestedAt.localeCompare(a.requestedAt));
    };
    const shown = async () =>
      (await requests()).map(d => `${d.version} ${d.state}`);
    const request = (version: string) =>
      worker().delivery.deploy(spec, {
        environment: 'staging',
        version,
        reason: 'Try it',
        by: 'user:default/ada',
        automatic: false,
        override: false,
        requestKey: `${spec.name} ${version}`,
      });
    const approve = (deploymentId: string, name: string) =>
      worker().approvals.approve(spec, {
        deploymentId,
        person: {
          by: `user:default/${name}`,
          ownership: [REVIEWERS],
          email: null,
        },
        reason: null,
      });

    it('takes the place of an automatic one, once, with two workers', async () => {
      const workers = [worker(), worker()];
      await consider(...workers);
      const [old] = await requests();
      expect(old).toMatchObject({ version: '0.1.0', state: 'waiting' });
      await approve(old.id, 'grace');
      await add(2);
      await consider(...workers);
      expect(await shown()).toEqual(['0.2.0 waiting', '0.1.0 cancelled']);
      const [next, replaced] = await requests();
      expect(replaced.message).toBe(
        `Replaced by the request of 0.2.0, which is newer (deployment ${next.id}).`,
      );
      const events = await stores.deployments.events(old.id);
      expect(events.filter(e => e.state === 'cancelled')).toHaveLength(1);
      // The approval was for the other version.
      expect(await stores.approvals.of(next.id)).toEqual([]);
      for (let step = 0; step < 3; step += 1) {
        await Promise.all(workers.map(one => one.round()));
        clock += 60_000;
      }
      expect(await shown()).toEqual(['0.2.0 waiting', '0.1.0 cancelled']);
      expect(system.dispatched).toEqual([]);
    });

    it('takes the place of a version that another worker requests at the same time', async () => {
      await consider(worker());
      await add(2);
      const before = worker();
      const seen = await stores.versions.newest(spec.entityRef);
      // This worker has read the versions before the newest one was registered.
      jest.spyOn(stores.versions, 'newest').mockImplementationOnce(async () => {
        await add(3);
        await consider(before);
        return seen;
      });
      await consider(worker());
      expect(await shown()).toEqual(['0.3.0 waiting', '0.1.0 cancelled']);
    });

    it('leaves one of a person alone, and is requested when that has ended', async () => {
      const mine = await request('0.1.0');
      await add(2);
      await consider(worker(), worker());
      expect(await shown()).toEqual(['0.1.0 waiting']);
      await worker().delivery.cancel(
        spec.entityRef,
        mine.id,
        'user:default/ada',
        anyone,
      );
      await consider(worker(), worker());
      expect(await shown()).toEqual(['0.2.0 waiting', '0.1.0 cancelled']);
    });

    it('leaves it alone where a gate is against the newer version', async () => {
      await consider(worker());
      await stores.versions.upsert(spec.entityRef, fakeVersion(2));
      await stores.versions.putEvidence(
        spec.entityRef,
        { type: 'version', id: '0.2.0' },
        [unitTests('fail')],
      );
      await consider(worker());
      expect(await shown()).toEqual(['0.2.0 blocked', '0.1.0 waiting']);
    });

    it('waits beside one that people released meanwhile, and ends nothing', async () => {
      await consider(worker());
      const [old] = await requests();
      await approve(old.id, 'grace');
      await approve(old.id, 'jonas');
      await add(2);
      await consider(worker(), worker());
      expect(await shown()).toEqual(['0.2.0 waiting', '0.1.0 requested']);
    });
  },
);
