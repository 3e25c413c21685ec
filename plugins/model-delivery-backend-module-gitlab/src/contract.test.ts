import { Readable } from 'node:stream';
import {
  CONTRACT_SECRET,
  providerContractTests,
  zip,
} from '@slipway/plugin-model-delivery-node/testUtils';
import { GitlabStandIn } from './__testUtils__/GitlabStandIn';
import { modelOf, testInstance } from './__testUtils__/testInstance';

const standIn = new GitlabStandIn();
const PROJECT = 'acme/research/penguins';

beforeAll(async () => {
  await standIn.start();
  for (let n = 1; n <= 25; n += 1) {
    const day = String(n).padStart(2, '0');
    const pipeline = standIn.addPipeline(PROJECT, {
      createdAt: `2026-03-${day}T10:00:00.000Z`,
    });
    standIn.addJob(pipeline, { id: 100 + n, name: 'lint' });
    standIn.addJob(pipeline, {
      id: 700 + n,
      name: 'train: [logistic, 7]',
      log: 'one\n2026-03-01T10:00:01.123456Z 00O two\nthree\n',
      archive: {
        filename: 'reports-unit.zip',
        zip: zip([
          {
            name: 'reports/junit/unit.xml',
            content:
              '<testsuites><testsuite name="unit" tests="1"><testcase name="a"/></testsuite></testsuites>',
          },
        ]),
      },
    });
  }
  standIn.project('acme/empty');
  standIn.project('acme/deployed');
});
afterAll(async () => standIn.stop());

const deployable = (version: string) => ({
  version,
  digest: `sha256:${'a'.repeat(64)}`,
  artifactUri: null,
  openBundle: async () => ({ stream: Readable.from([]), sizeBytes: null }),
});
const environment = { environment: 'production' };

providerContractTests({
  pipelines: {
    acts: true,
    harness: async () => ({
      provider: testInstance(standIn).pipelines,
      model: modelOf(PROJECT),
      emptyModel: modelOf('acme/empty'),
      missingModel: modelOf('acme/gone'),
      malformedModel: modelOf(PROJECT, { project: '../../x' }),
      jobWithLog: '725',
    }),
    faults: {
      upstream: async url =>
        testInstance(url, { token: CONTRACT_SECRET }).pipelines,
    },
  },
  deployments: {
    opensBundle: false,
    hold: async () => {
      const project = standIn.project('acme/deployed');
      const pipeline = project.pipelines.at(-1)!;
      Object.assign(pipeline, { status: 'manual', looksLeft: null });
      pipeline.jobs[0].status = 'manual';
      project.deployments.at(-1)!.status = 'blocked';
    },
    harness: async () => ({
      provider: testInstance(standIn).deployments,
      versions: [deployable('1.0.0'), deployable('1.1.0')],
      target: { ...modelOf('acme/deployed'), ...environment },
      malformedTarget: {
        ...modelOf('acme/deployed', { project: '../../x' }),
        ...environment,
      },
      timeoutMs: 20_000,
    }),
    faults: {
      upstream: async url =>
        testInstance(url, { token: CONTRACT_SECRET }).deployments,
    },
  },
});
