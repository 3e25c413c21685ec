import { Readable } from 'node:stream';
import {
  CONTRACT_SECRET,
  providerContractTests,
} from '@slipway/plugin-model-delivery-node/testUtils';
import { GithubStandIn } from './__testUtils__/GithubStandIn';
import { endedJob } from './__testUtils__/standInState';
import { modelOf, testInstance } from './__testUtils__/testInstance';
import { zip } from '@slipway/plugin-model-delivery-node/testUtils';

// GitHub asks for a second between two requests that write, and so we wait.
jest.setTimeout(60_000);

const standIn = new GithubStandIn();
const TRAIN = `name: model
on:
  push:
  workflow_dispatch:
    inputs:
      version:
        type: string
`;
const DEPLOY = TRAIN.replace('name: model', 'name: deploy');

beforeAll(async () => {
  await standIn.start();
  const repo = standIn.add('acme/penguins');
  repo.branches.get('main')!.files.set('.github/workflows/model.yaml', TRAIN);
  const ids = [1, 2, 3, 4, 5];
  for (const n of ids) {
    const createdAt = `2026-03-0${n}T10:00:00Z`;
    const again = n === 3 ? [{ startedAt: '2026-03-09T10:00:00Z' }] : [];
    standIn.addRun(repo, {
      createdAt,
      attempts: [{ startedAt: createdAt }, ...again].map(({ startedAt }) => ({
        status: 'completed',
        conclusion: 'success',
        startedAt,
        updatedAt: startedAt,
        jobs: [
          endedJob(standIn.nextId(), 'lint'),
          endedJob(700 + n, 'train (logistic, 7)', {
            log: '2026-03-01T10:00:01.1234567Z one\n2026-03-01T10:00:02.0000000Z two\nthree\n',
          }),
        ],
      })),
      artifacts: [
        {
          id: standIn.nextId(),
          name: 'reports-unit',
          expired: false,
          createdAt: '2026-03-05T10:02:00Z',
          zip: zip([
            {
              name: 'junit/unit.xml',
              content:
                '<testsuites><testsuite name="unit" tests="1"><testcase name="a"/></testsuite></testsuites>',
            },
          ]),
        },
      ],
    });
  }
  standIn
    .add('acme/empty')
    .branches.get('main')!
    .files.set('.github/workflows/model.yaml', TRAIN);
  standIn
    .add('acme/deployed')
    .branches.get('main')!
    .files.set('.github/workflows/deploy.yaml', DEPLOY);
});
afterAll(async () => standIn.stop());
afterEach(() => standIn.assertKept());

const open = async () => ({ stream: Readable.from([]), sizeBytes: null });
const deployable = (version: string) => ({
  version,
  digest: `sha256:${'a'.repeat(64)}`,
  artifactUri: null,
  openBundle: open,
});
const environment = { environment: 'production' };

providerContractTests({
  pipelines: {
    acts: true,
    harness: async () => ({
      provider: testInstance(standIn).pipelines,
      model: modelOf('acme/penguins'),
      emptyModel: modelOf('acme/empty'),
      missingModel: modelOf('acme/gone'),
      malformedModel: modelOf('acme/penguins', { workflow: '../../x' }),
      jobWithLog: '705',
    }),
    faults: {
      upstream: async url =>
        testInstance(url, { token: CONTRACT_SECRET }).pipelines,
    },
  },
  deployments: {
    opensBundle: false,
    hold: async () => {
      const run = standIn.repositories.get('acme/deployed')!.runs.at(-1)!;
      run.looksLeft = null;
      Object.assign(run.attempts[0], { status: 'waiting' });
      run.pending = [{ environment: 'production', users: ['ada'], teams: [] }];
    },
    harness: async () => ({
      provider: testInstance(standIn).deployments,
      versions: [deployable('1.0.0'), deployable('1.1.0')],
      target: {
        ...modelOf('acme/deployed', { workflow: 'deploy.yaml' }),
        ...environment,
      },
      malformedTarget: {
        ...modelOf('acme/deployed', { workflow: undefined }),
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
