/* eslint-disable @backstage/no-relative-monorepo-imports --
   The test runs the parts of the backend that deliver, which its package does not export. */
import path from 'node:path';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  type ModelSpec,
  modelSpecFromEntity,
} from '@slipway/plugin-model-delivery-common/schema';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { fakeVersion } from '../../model-delivery-backend/src/__testUtils__/fakes';
import { connect } from '../../model-delivery-backend/src/database/migrate';
import {
  createStores,
  type Stores,
} from '../../model-delivery-backend/src/database/stores';
import { DeliveryChild } from './__testUtils__/DeliveryChild';
import { SteadyTraffic } from './__testUtils__/steadyTraffic';
import { connectionOf } from './__testUtils__/testDatabase';
import {
  context,
  findRun,
  modelTarget,
  TestEngine,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';
import { migrate } from './database/migrate';
import { ProcessRecords } from './processes/ProcessRecords';
import { freePort } from './serving/ServerProcess';
import { servedVersion } from './serving/servedVersion';

jest.setTimeout(300_000);

const NAME = 'killed-rolling';
const ENVIRONMENT = 'production';
const VERSIONS = ['0.1.0', '0.2.0'];
const STEPS = [10, 50, 100];

// A file, since processes share it; PostgreSQL where its connection string is given.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const ids = ['SQLite', ...databases.eachSupportedId().map(([id]) => id)];

describe.each(ids)(
  'a roll-out on %s, with kill -9 at each shift of the traffic before it is recorded',
  id => {
    let test: TestEngine;
    let stores: Stores;
    let database: string;
    let child: DeliveryChild | undefined;
    let traffic: SteadyTraffic | undefined;
    const spec: ModelSpec = modelSpecFromEntity({
      apiVersion: 'model-delivery/v1alpha1',
      kind: 'MLModel',
      metadata: { name: NAME },
      spec: {
        type: 'classification',
        lifecycle: 'experimental',
        owner: 'group:default/ml-platform',
        versions: { provider: 'local', name: NAME },
        environments: [
          {
            name: ENVIRONMENT,
            target: { provider: 'local' },
            strategy: {
              canary: STEPS.slice(0, -1),
              interval: '3s',
              minRequests: 5,
              maxP95Ratio: 1_000,
            },
          },
        ],
      },
    });

    beforeAll(async () => {
      const overrides = {
        listen: { host: '127.0.0.1', port: await freePort() },
      };
      if (id !== 'SQLite') {
        const knex = await databases.init(id as 'POSTGRES_18');
        await migrate(knex);
        database = connectionOf(knex);
        test = await TestEngine.start(overrides, knex);
      } else {
        test = await TestEngine.start(overrides);
        database = test.database;
      }
      const { cloneUrl } = await createTiny(test, NAME);
      const clone = await Clone.of(
        cloneUrl,
        path.join(test.directory, 'clone'),
      );
      await clone.push({ 'behaviour.json': '{"threshold":0.52}' });
      await findRun(test, NAME, r => r.version === '0.2.0' && !!r.finishedAt);
      await connect({
        ...mockServices.database.mock(),
        getClient: async () => test.knex,
      });
      stores = createStores(test.knex);
      await stores.models.upsert(spec, [], new Date().toISOString());
      for (const [index, version] of VERSIONS.entries()) {
        const { digest } = await test.engine.versions.getVersion(
          modelTarget(NAME),
          version,
          context,
        );
        await stores.versions.upsert(
          spec.entityRef,
          fakeVersion(index + 1, { version, digest }),
        );
      }
      await test.engine.stop();
    });
    afterAll(async () => {
      await traffic?.stop();
      await child?.kill();
      await test.start();
      await test.destroy();
    });

    const start = async (diesAt?: number) => {
      child = await DeliveryChild.start(database, test.config, diesAt);
      const { port } = test.config.listen;
      traffic = new SteadyTraffic(
        `http://127.0.0.1:${port}/default/${NAME}/${ENVIRONMENT}`,
      );
      // Requests end with the process, and are none of this test's matter.
      child.ended.then(() => traffic!.stop());
      return child;
    };
    const request = async (version: string) => {
      const answers = await child!.request([
        {
          entityRef: spec.entityRef,
          environment: ENVIRONMENT,
          version,
          requestKey: version,
        },
      ]);
      return answers.get(version)!.id!;
    };
    const untilLive = (deploymentId: string) =>
      waitFor(
        async () =>
          (await stores.deployments.get(deploymentId))!.state === 'live',
        `${deploymentId} to be live`,
        120_000,
      );

    it('takes every step once, goes live once, and leaves one server', async () => {
      await start(STEPS[0]);
      await untilLive(await request('0.1.0'));
      const deployment = await request('0.2.0');
      for (const weight of [...STEPS.slice(1), undefined]) {
        await child!.ended;
        // The lease of the process that ended would be over in half a minute.
        await test.knex('deployment').update({ lease_until: null });
        await start(weight);
      }
      await untilLive(deployment);

      const events = await stores.deployments.events(deployment);
      const begun = events.flatMap(
        ({ message }) =>
          /answers (\d+) % of the requests/.exec(message)?.[1] ?? [],
      );
      expect(begun.map(Number)).toEqual(STEPS);
      expect(events.filter(e => e.state === 'live')).toHaveLength(1);
      const { rollout } = (await stores.deployments.get(deployment))!;
      expect(
        rollout!.steps.map(s => [s.weight, s.analysis?.outcome ?? null]),
      ).toEqual([
        [10, 'pass'],
        [50, 'pass'],
        [100, null],
      ]);
      const servers = await waitFor(() => {
        const found = new ProcessRecords(path.join(test.state, 'processes'))
          .list()
          .filter(({ kind, alive }) => kind === 'server' && alive);
        return found.length === 1 && found;
      }, 'one server');
      expect(servers[0].owner).toBe(deployment);
      expect(await servedVersion(`http://127.0.0.1:${servers[0].port}`)).toBe(
        '0.2.0',
      );
      const open = await test.knex('live_interval').whereNull('to');
      expect(open.map(row => row.version)).toEqual(['0.2.0']);
    });
  },
);
