import { setTimeout as sleep } from 'node:timers/promises';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  modelSpecFromEntity,
  rolloutStrategy,
} from '@slipway/plugin-model-delivery-common/schema';
import knexFactory, { type Knex } from 'knex';
import { deliveryParts, newDeployment } from '../__testUtils__/deliveryParts';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { Life } from '../__testUtils__/Life';
import { randomOf } from '../__testUtils__/randomOf';
import { TcpProxy } from '../__testUtils__/TcpProxy';
import { connect } from '../database/migrate';
import { createStores, type Stores } from '../database/stores';
import { planRollout } from '../policy/planRollout';

jest.setTimeout(600_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
/** How many deliveries are killed at random; the long version is `FAULT_ROUNDS=100`. */
const ROUNDS = Number(process.env.FAULT_ROUNDS ?? 12);
const SEED = Number(process.env.SEED ?? 20261128);
/** How long the database is away; 30 s in the long version. */
const OUTAGE_MS = process.env.FAULT_ROUNDS ? 30_000 : 3_000;
const MINUTE = 60_000;
/** Of a pool whose connections are cut on purpose. */
const SILENT = { warn() {}, error() {}, debug() {}, deprecate() {} };
const rollout = planRollout(
  rolloutStrategy.parse({ canary: [50], interval: '1m' }),
);

describe.each(databases.eachSupportedId())('a fault on %s', id => {
  let knex: Knex;
  let stores: Stores;
  let system: FakeSystem;
  let models = 0;
  let clock = Date.UTC(2026, 0, 1);
  const now = () => new Date(clock);
  const at = () => now().toISOString();

  beforeAll(async () => {
    knex = await databases.init(id);
    await connect({
      ...mockServices.database.mock(),
      getClient: async () => knex,
    });
    stores = createStores(knex);
  });
  afterAll(() => knex.destroy());
  beforeEach(() => {
    system = new FakeSystem();
  });

  const process = (life: Life) => {
    const own = Object.fromEntries(
      Object.entries(stores).map(([name, store]) => [
        name,
        ['execution', 'effects', 'rollouts'].includes(name)
          ? life.of(store)
          : store,
      ]),
    ) as unknown as Stores;
    return deliveryParts({ stores: own, system: life.of(system), now });
  };
  const requested = async () => {
    models += 1;
    const spec = modelSpecFromEntity(modelEntity(`model-${models}`));
    await stores.models.upsert(spec, [], at());
    await stores.versions.upsert(spec.entityRef, fakeVersion(1));
    const { deployment } = await stores.deployments.create(
      newDeployment(spec, { rollout }),
      at(),
    );
    system.onDeploy = () => ({
      phase: 'rolling-out',
      message: 'The candidate is ready.',
      weight: 0,
    });
    return deployment;
  };
  /** Steps of a process until it is over, or the deployment has no work left. */
  const work = async (life: Life, deploymentId: string) => {
    const parts = process(life);
    for (let step = 0; step < 40 && !life.isOver; step += 1) {
      clock += MINUTE;
      await parts.round().catch(() => undefined);
      const row = await knex('deployment').where('id', deploymentId).first();
      if (row.state === 'live' && row.due_at === null) return;
    }
  };
  const expectOnce = async (deploymentId: string, entityRef: string) => {
    const { state } = (await stores.deployments.get(deploymentId))!;
    const events = await stores.deployments.events(deploymentId);
    const count = (one: string) => events.filter(e => e.state === one).length;
    expect(state).toBe('live');
    expect([count('requested'), count('in-progress'), count('live')]).toEqual([
      1, 1, 1,
    ]);
    expect(new Set(system.dispatched)).toEqual(new Set([deploymentId]));
    expect(system.splits.at(-1)).toEqual([
      deploymentId,
      { weight: 100, mirror: false },
    ]);
    expect(system.marks.at(-1)).toBe('production=0.1.0');
    const open = await knex('deployment_effect')
      .where('deployment_id', deploymentId)
      .whereNull('settled_at');
    expect(open).toEqual([]);
    const live = await knex('live_interval').where('entity_ref', entityRef);
    expect(live).toHaveLength(1);
  };

  it('at every single call of a delivery loses nothing, and each effect happens once', async () => {
    const whole = new Life();
    const { id: first, entityRef } = await requested();
    await work(whole, first);
    await expectOnce(first, entityRef);
    expect(whole.calls).toBeGreaterThan(20);
    const boundaries = Array.from({ length: whole.calls }, (_, n) => n + 1);
    const random = randomOf(SEED);
    for (const call of boundaries) {
      system = new FakeSystem();
      const one = await requested();
      const arrives = random() < 0.5;
      await work(new Life({ call, arrives }), one.id);
      await work(new Life(), one.id);
      await expectOnce(one.id, one.entityRef);
    }
  });

  it('again and again at random, in several processes one after another', async () => {
    const random = randomOf(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      system = new FakeSystem();
      const one = await requested();
      for (let kill = 0; kill < 4; kill += 1) {
        const call = 1 + Math.floor(random() * 25);
        await work(new Life({ call, arrives: random() < 0.5 }), one.id);
      }
      await work(new Life(), one.id);
      await expectOnce(one.id, one.entityRef);
    }
  });

  if (id.startsWith('POSTGRES')) {
    /** Requests twelve deployments, and what three replicas deliver with by a connection of their own. */
    const replicated = async (connection = knex.client.config.connection) => {
      const requests: Awaited<ReturnType<typeof requested>>[] = [];
      for (let n = 0; n < 12; n += 1) requests.push(await requested());
      const pools = [1, 2, 3].map(() =>
        knexFactory({ ...knex.client.config, connection, log: SILENT }),
      );
      const replicas = pools.map(pool =>
        deliveryParts({ stores: createStores(pool), system, now }),
      );
      const ids = requests.map(one => one.id);
      return {
        /** One step of each replica; those fail that do not reach the database. */
        step: async (ms = MINUTE) => {
          clock += ms;
          await Promise.all(
            replicas.map(one => one.round().catch(() => undefined)),
          );
        },
        isDone: async () => {
          const rows = await knex('deployment').whereIn('id', ids);
          return rows.every(row => row.state === 'live' && row.due_at === null);
        },
        expectEachOnce: async () => {
          for (const { id: one, entityRef } of requests) {
            const events = await stores.deployments.events(one);
            const states = events.map(({ state }) => state);
            expect([states.slice(0, 2), states.slice(-1)]).toEqual([
              ['requested', 'in-progress'],
              ['live'],
            ]);
            expect(new Set(states.slice(2, -1))).toEqual(
              new Set(['rolling-out']),
            );
            expect(
              await knex('live_interval').where('entity_ref', entityRef),
            ).toHaveLength(1);
          }
          expect(new Set(system.dispatched)).toEqual(new Set(ids));
          const open = await knex('deployment_effect')
            .whereIn('deployment_id', ids)
            .whereNull('settled_at');
          expect(open).toEqual([]);
        },
        end: () => Promise.all(pools.map(pool => pool.destroy())),
      };
    };

    it('that cuts every connection of three replicas, again and again, loses nothing and does nothing twice', async () => {
      const { step: stepAll, isDone, expectEachOnce, end } = await replicated();
      for (let step = 0; step < 60 && !(await isDone()); step += 1) {
        const stepped = stepAll();
        // The connection of the test itself stays.
        if (step < 10) {
          await knex.raw(
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
          );
        }
        await stepped;
      }
      await expectEachOnce();
      await end();
    });

    it(`of the database, which three replicas cannot reach for ${OUTAGE_MS / 1_000} s in the middle, loses nothing and does nothing twice`, async () => {
      const { connection } = knex.client.config;
      const proxy = new TcpProxy(connection);
      await proxy.restore();
      const three = await replicated({
        ...connection,
        // Knex hides it from enumeration.
        password: connection.password,
        host: '127.0.0.1',
        port: proxy.port,
      });
      await three.step();
      await three.step();
      const stepped = three.step();
      await proxy.cut();
      await stepped;
      const back = Date.now() + OUTAGE_MS;
      while (Date.now() < back) {
        await three.step(50);
        await sleep(50);
      }
      expect(await three.isDone()).toBe(false);
      await proxy.restore();
      for (let step = 0; step < 60 && !(await three.isDone()); step += 1) {
        await three.step();
      }
      await three.expectEachOnce();
      await three.end();
      await proxy.cut();
    });
  }

  it('of the clock, which jumps back and forth, neither loses nor repeats a step', async () => {
    const one = await requested();
    const parts = process(new Life());
    for (const minutes of [1, 300, -200, 1, -1_000, 2, 2_000, 1, 1, 1, 1]) {
      clock += minutes * MINUTE;
      await parts.round();
    }
    await work(new Life(), one.id);
    await expectOnce(one.id, one.entityRef);
  });

  it('of the registry, which lost the version after the request, ends the deployment and says so', async () => {
    const { id: one, entityRef } = await requested();
    await knex('version').where('entity_ref', entityRef).delete();
    const parts = process(new Life());
    clock += MINUTE;
    await parts.round();
    expect(await stores.deployments.get(one)).toMatchObject({
      state: 'failed',
      message: 'The registry has no version 0.1.0.',
    });
    expect(system.dispatched).toEqual([]);
  });
});
