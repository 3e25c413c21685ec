import fs from 'node:fs/promises';
import path from 'node:path';
import {
  CONTRACT_SECRET,
  providerContractTests,
} from '@slipway/plugin-model-delivery-node/testUtils';
import { MlflowServer, START_TIMEOUT_MS } from './__testUtils__/mlflowServer';
import { context, modelTarget, providerOf } from './__testUtils__/providers';
import { Seed } from './__testUtils__/Seed';

jest.setTimeout(START_TIMEOUT_MS);

let server: MlflowServer;
afterAll(() => server?.close());

const model = modelTarget('penguin-species');

providerContractTests({
  versions: {
    harness: async () => {
      server = await MlflowServer.start();
      const seed = new Seed(server.url);
      await seed.model('penguin-species');
      await seed.model('empty');
      for (const accuracy of [0.9, 0.92, 0.94, 0.96]) {
        const run = await seed.run({ metrics: { accuracy } });
        const digest = await seed.bundle(run.artifacts, {
          'model/model.txt': `model of ${accuracy}`,
          'src/seed/__init__.py': '',
        });
        await seed.version('penguin-species', {
          runId: run.id,
          tags: { 'slipway.digest': digest },
        });
      }
      return {
        provider: providerOf(server.url, {
          discovery: { enabled: true, defaultOwner: 'ml-platform' },
        }),
        model,
        emptyModel: modelTarget('empty'),
        missingModel: modelTarget('missing'),
        malformedModel: modelTarget('a/b'),
      };
    },
    damageBundle: async version => {
      const { artifactUri } = await providerOf(server.url).getVersion(
        model,
        version,
        context,
      );
      const run = artifactUri!
        .replace('mlflow-artifacts:/', '')
        .replace(/\/model$/, '');
      const file = path.join(
        server.directory,
        'artifacts',
        run,
        'bundle/model/model.txt',
      );
      await fs.appendFile(file, 'x');
    },
    faults: {
      upstream: async url =>
        providerOf(url, {
          auth: { username: 'slipway', password: CONTRACT_SECRET },
        }),
    },
  },
});
