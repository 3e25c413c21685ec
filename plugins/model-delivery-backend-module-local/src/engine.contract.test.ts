import fs from 'node:fs/promises';
import path from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  providerContractTests,
  waitFor,
} from '@slipway/plugin-model-delivery-node/testUtils';
import { migrate } from './database/migrate';
import { git } from './git/git';
import {
  TestEngine,
  context,
  deploy,
  environmentTarget,
  findRun,
  modelTarget,
} from './__testUtils__/testEngine';
import { Clone, createTiny } from './__testUtils__/tinyProject';

jest.setTimeout(60_000);

// PostgreSQL takes part where its connection string is given; `npm test` starts one.
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const name = 'contract';
const model = modelTarget(name);

/** Three versions of a model, one of them live where it is watched. */
async function prepare(test: TestEngine): Promise<void> {
  const { cloneUrl } = await createTiny(test, name);
  const clone = await Clone.of(cloneUrl, path.join(test.directory, 'clone'));
  for (const threshold of [0.6, 0.7]) {
    await clone.push({
      'behaviour.json': JSON.stringify({
        threshold,
        lint: { print: 'one\ntwo\nthree' },
      }),
    });
  }
  await findRun(
    test,
    name,
    r => r.version === '0.3.0' && r.finishedAt !== null,
  );
  await git([
    'init',
    '--quiet',
    '--bare',
    path.join(test.state, 'git', 'empty.git'),
  ]);
}

const malformedModel = {
  ...model,
  target: { provider: 'local', repository: '../../etc', name: '../../etc' },
};
const emptyModel = modelTarget('empty');
const missingModel = modelTarget('missing');

describe.each(databases.eachSupportedId())('the engine on %s', id => {
  let test: TestEngine;
  beforeAll(async () => {
    const knex = await databases.init(id);
    await migrate(knex);
    test = await TestEngine.start({}, knex);
    await prepare(test);
  });
  afterAll(() => test.destroy());

  providerContractTests({
    pipelines: {
      acts: true,
      harness: async () => ({
        provider: test.engine.pipelines,
        model,
        emptyModel,
        missingModel,
        malformedModel,
        jobWithLog: 'lint',
      }),
    },
    versions: {
      harness: async () => ({
        provider: test.engine.versions,
        model,
        emptyModel,
        missingModel,
        malformedModel,
      }),
      damageBundle: async version => {
        const file = path.join(
          test.state,
          'registry',
          name,
          version,
          'model.tar.gz',
        );
        await fs.chmod(file, 0o600);
        await fs.appendFile(file, 'x');
      },
    },
    deployments: {
      inputs: { x: 0.5 },
      splitsTraffic: true,
      harness: async () => {
        const deployable = async (version: string) => ({
          version,
          digest: (
            await test.engine.versions.getVersion(model, version, context)
          ).digest,
          artifactUri: null,
          openBundle: () =>
            test.engine.versions.openBundle(model, version, context),
        });
        return {
          provider: test.engine.deployments,
          versions: [await deployable('0.1.0'), await deployable('0.2.0')],
          target: environmentTarget(name, 'staging'),
          malformedTarget: environmentTarget(name, '../production'),
          timeoutMs: 20_000,
        };
      },
    },
    monitors: {
      harness: async () => {
        await deploy(test, name, 'production', '0.1.0', 'watched');
        const target = environmentTarget(name, 'production');
        const watched = (environment: string) => (signal: never) => ({
          entityRef: model.entityRef,
          namespace: model.namespace,
          name,
          annotations: {},
          monitor: {
            name: signal,
            signal,
            environment,
            source: { provider: 'local' },
          },
        });
        const { endpoint } = await test.engine.deployments.getState(
          target,
          context,
        );
        for (const prediction of ['one', 'two', 'three']) {
          const inputs = [
            { name: 'x', datatype: 'FP64', shape: [1], data: [0.95] },
          ];
          for (const [where, body] of [
            ['v2/models/tiny/infer', { id: prediction, inputs }],
            ['feedback', { id: prediction, label: 'low' }],
          ] as const) {
            const sent = await fetch(`${endpoint}/${where}`, {
              method: 'POST',
              body: JSON.stringify(body),
            });
            await sent.text();
          }
        }
        for (let i = 0; i < 30; i += 1) {
          await test.engine.deployments.predict(target, { x: i / 30 }, context);
        }
        await waitFor(async () => {
          const reading = await test.engine.monitors.read(
            watched('production')('drift' as never),
            context,
          );
          return reading.value !== null;
        }, 'a scrape');
        return {
          provider: test.engine.monitors,
          signals: [
            'availability',
            'latency',
            'errors',
            'predictions',
            'drift',
          ],
          labels: {
            target,
            silentTarget: environmentTarget(name, 'nowhere'),
            otherVersion: '0.2.0',
          },
          target: watched('production') as never,
          silentTarget: watched('nowhere') as never,
        };
      },
    },
  });
});
