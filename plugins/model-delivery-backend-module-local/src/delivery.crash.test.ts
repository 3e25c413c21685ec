/* eslint-disable @backstage/no-relative-monorepo-imports --
   The test runs the parts of the backend that deliver, which its package does not export. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { fakeVersion } from '../../model-delivery-backend/src/__testUtils__/fakes';
import { randomOf } from '../../model-delivery-backend/src/__testUtils__/randomOf';
import { connect } from '../../model-delivery-backend/src/database/migrate';
import {
  createStores,
  type Stores,
} from '../../model-delivery-backend/src/database/stores';
import { DeliveryChild } from './__testUtils__/DeliveryChild';
import {
  context,
  findRun,
  modelTarget,
  TestEngine,
} from './__testUtils__/testEngine';
import { connectionOf } from './__testUtils__/testDatabase';
import { createTiny } from './__testUtils__/tinyProject';
import { migrate } from './database/migrate';
import { ProcessRecords } from './processes/ProcessRecords';
import { servedVersion } from './serving/servedVersion';

jest.setTimeout(600_000);

const NAME = 'killed';
const MODELS = 10;
const ENVIRONMENTS = ['e1', 'e2', 'e3', 'e4', 'e5'];
const KILLS = 6;
const SEED = Number(process.env.SEED ?? 20261127);
const TERMINAL = ['live', 'superseded', 'rolled-back', 'failed', 'cancelled'];

/** Models of one registered version; the first environments of the first two share a target. */
function modelOf(n: number): ModelSpec {
  return modelSpecFromEntity({
    apiVersion: 'model-delivery/v1alpha1',
    kind: 'MLModel',
    metadata: { name: `model-${n}` },
    spec: {
      type: 'classification',
      lifecycle: 'experimental',
      owner: 'group:default/ml-platform',
      versions: { provider: 'local', name: NAME },
      environments: ENVIRONMENTS.map((name, index) => ({
        name,
        target: {
          provider: 'local',
          ...(n < 2 && index === 0 && { service: 'shared' }),
        },
      })),
    },
  });
}

// A file, since processes share it; PostgreSQL where its connection string is given.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const ids = ['SQLite', ...databases.eachSupportedId().map(([id]) => id)];

describe.each(ids)(
  '50 deployments requested at once on %s, with kill -9 at random moments',
  id => {
    let test: TestEngine;
    let stores: Stores;
    let database: string;
    let child: DeliveryChild | undefined;
    const models = Array.from({ length: MODELS }, (_, n) => modelOf(n));
    const random = randomOf(SEED);

    beforeAll(async () => {
      if (id !== 'SQLite') {
        const knex = await databases.init(id as 'POSTGRES_18');
        await migrate(knex);
        database = connectionOf(knex);
        test = await TestEngine.start({}, knex);
      } else {
        test = await TestEngine.start();
        database = test.database;
      }
      await createTiny(test, NAME);
      await findRun(test, NAME, run => run.finishedAt !== null);
      const { digest } = await test.engine.versions.getVersion(
        modelTarget(NAME),
        '0.1.0',
        context,
      );
      await test.engine.stop();
      await connect({
        ...mockServices.database.mock(),
        getClient: async () => test.knex,
      });
      stores = createStores(test.knex);
      for (const spec of models) {
        await stores.models.upsert(spec, [], new Date().toISOString());
        await stores.versions.upsert(
          spec.entityRef,
          fakeVersion(1, { version: '0.1.0', digest }),
        );
      }
    });
    afterAll(async () => {
      await child?.kill();
      await test.start();
      await test.destroy();
    });

    const start = async () => {
      child = await DeliveryChild.start(database, test.config);
    };
    const all = async () =>
      (
        await Promise.all(
          models.map(spec =>
            stores.deployments.list(spec.entityRef, {}, { limit: 100 }),
          ),
        )
      ).flatMap(({ items }) => items);

    it('ends each once, and history, provider and processes agree', async () => {
      const commands = models.flatMap(({ entityRef }) =>
        ENVIRONMENTS.map(environment => ({
          entityRef,
          environment,
          version: '0.1.0',
          requestKey: `${entityRef}|${environment}`,
        })),
      );
      await start();
      const answers = await child!.request(commands);
      const refused = commands.filter(c => answers.get(c.requestKey)?.error);
      // Of the two that share a target, one.
      expect(refused).toHaveLength(1);
      expect(answers.get(refused[0].requestKey)?.error).toContain(
        'deploying to the same target',
      );

      for (let n = 0; n < KILLS; n += 1) {
        await sleep(200 + random() * 2_000);
        await child!.kill();
        await start();
      }
      await waitFor(
        async () => (await all()).every(d => TERMINAL.includes(d.state)),
        `every deployment to end (seed ${SEED})`,
        300_000,
      );
      await child!.request(
        refused.map(c => ({ ...c, requestKey: `${c.requestKey}|2` })),
      );
      await child!.kill();
      await start();
      await waitFor(
        async () => (await all()).every(d => TERMINAL.includes(d.state)),
        'the last deployment to end',
        120_000,
      );

      const deployments = await all();
      expect(deployments).toHaveLength(50);
      for (const deployment of deployments) {
        const events = await stores.deployments.events(deployment.id);
        const ends = events.filter(
          (event, index) =>
            TERMINAL.includes(event.state) &&
            events[index - 1]?.state !== event.state,
        );
        const superseded = deployment.state === 'superseded';
        expect(ends.map(e => e.state)).toEqual(
          superseded ? ['live', 'superseded'] : ['live'],
        );
      }
      // The loser of the shared target ends the winner's interval.
      expect(deployments.filter(d => d.state === 'superseded')).toHaveLength(1);

      const intervals = await test.knex('live_interval').whereNull('to');
      const served = await test.knex('local_environment');
      expect(intervals).toHaveLength(49);
      expect(served.map(row => row.deployment_id).sort()).toEqual(
        intervals.map(row => row.deployment_id).sort(),
      );
      // Effects follow their transition a moment later.
      await waitFor(
        async () => {
          const left = await test
            .knex('deployment_effect')
            .whereNull('settled_at');
          return left.length === 0;
        },
        'every effect to be settled',
        120_000,
      );

      // One server per live deployment, each serving what the history says.
      const servers = await waitFor(async () => {
        const found = new ProcessRecords(path.join(test.state, 'processes'))
          .list()
          .filter(({ kind, alive }) => kind === 'server' && alive);
        return found.length === 49 && found;
      }, 'one server per live deployment');
      expect(servers.map(({ owner }) => owner).sort()).toEqual(
        intervals.map(row => row.deployment_id).sort(),
      );
      for (const { port } of servers) {
        expect(await servedVersion(`http://127.0.0.1:${port}`)).toBe('0.1.0');
      }
    });
  },
);
