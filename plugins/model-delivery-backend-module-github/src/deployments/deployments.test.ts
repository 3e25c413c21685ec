import { Readable } from 'node:stream';
import type {
  DeployProgress,
  EnvironmentTarget,
} from '@slipway/plugin-model-delivery-node';
import { addWorkflow, workflowFile } from '../__testUtils__/fixtures';
import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import { type Answer } from '../__testUtils__/routes';
import { endedJob, type RepositoryState } from '../__testUtils__/standInState';
import {
  context,
  modelOf,
  testInstance,
  type TestInstance,
} from '../__testUtils__/testInstance';

// GitHub asks for a second between two requests that write, and so we wait.
jest.setTimeout(60_000);

const standIn = new GithubStandIn();
const target: EnvironmentTarget = {
  ...modelOf('acme/deployed', { workflow: 'deploy.yaml' }),
  environment: 'production',
};
let repo: RepositoryState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  repo = standIn.add('acme/deployed');
  addWorkflow(repo, 'deploy.yaml', workflowFile(['version', 'environment']));
  standIn.looksUntilEnd = null;
  standIn.log.length = 0;
});
afterEach(() => {
  standIn.intercept = () => undefined;
  standIn.assertKept();
});

const request = {
  deploymentId: 'd-1',
  version: '1.4.0',
  digest: `sha256:${'a'.repeat(64)}`,
  artifactUri: 's3://models/1.4.0',
  openBundle: async () => ({ stream: Readable.from([]), sizeBytes: null }),
};
const deploy = async (instance: TestInstance = testInstance(standIn)) =>
  instance.deployments.deploy(target, request, context());
/** As another process sees it. */
const progress = async (): Promise<DeployProgress> =>
  testInstance(standIn).deployments.getProgress(target, 'd-1', context());

/** Answers a request that writes with a fault, once. */
function failOnce(pattern: RegExp, afterEffect = false): () => number {
  let failed = 0;
  const fault: Answer = { status: 502, body: { message: 'Bad gateway' } };
  standIn.intercept = (method, path) => {
    if (method === 'get' || failed > 0 || !pattern.test(path)) return undefined;
    failed += 1;
    if (afterEffect) {
      standIn.addRun(repo, {
        createdAt: `${new Date().toISOString().slice(0, 19)}Z`,
        workflow: 'deploy.yaml',
        event: 'workflow_dispatch',
      });
    }
    return fault;
  };
  return () => failed;
}

describe('a deployment', () => {
  it('gives the workflow the inputs that it declares, and no other', async () => {
    await deploy();
    expect(repo.runs.map(run => run.inputs)).toEqual([
      { version: '1.4.0', environment: 'production' },
    ]);
    expect(repo.deployments).toMatchObject([
      {
        task: 'slipway:d-1',
        environment: 'production',
        payload: { slipway_deployment: 'd-1', version: '1.4.0' },
      },
    ]);
  });

  it('fails with a sentence where the workflow takes no version input', async () => {
    addWorkflow(repo, 'deploy.yaml', workflowFile(['environment']));
    await deploy();
    expect(await progress()).toEqual({
      phase: 'failed',
      message:
        'deploy.yaml of acme/deployed does not take the input version; declare it below on.workflow_dispatch.inputs.',
    });
    expect(repo.runs).toEqual([]);
  });

  it('fails in GitHub’s words where the file could not be loaded before', async () => {
    standIn.intercept = (method, path) =>
      method === 'get' && path.includes('/contents/')
        ? { status: 403, body: { message: 'Resource not accessible' } }
        : undefined;
    await deploy();
    expect(await progress()).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining(
        'Unexpected inputs provided: ["deployment_id","digest","artifact_uri"]',
      ),
    });
  });

  it('waits for its reviewers and names them', async () => {
    await deploy();
    const [run] = repo.runs;
    Object.assign(run.attempts[0], { status: 'waiting' });
    run.pending = [
      { environment: 'production', users: ['ada'], teams: ['reviewers'] },
    ];
    const waiting = await progress();
    expect(waiting).toEqual({
      phase: 'in-progress',
      message:
        'production wants a review on GitHub by ada or the team reviewers.',
      runId: String(run.id),
      waitsFor: {
        kind: 'person',
        url: `https://github.example/acme/deployed/actions/runs/${run.id}`,
      },
    });
    expect(await progress()).toEqual(waiting);
  });

  it('waits for a rule of its environment, and says so', async () => {
    await deploy();
    const [run] = repo.runs;
    Object.assign(run.attempts[0], { status: 'waiting' });
    run.pending = [
      { environment: 'production', users: [], teams: [], waitMinutes: 30 },
    ];
    expect(await progress()).toMatchObject({
      message: 'production waits 30 min before each deployment.',
      waitsFor: { kind: 'rule' },
    });
  });

  it('waits for approval of its run', async () => {
    await deploy();
    Object.assign(repo.runs[0].attempts[0], {
      status: 'completed',
      conclusion: 'action_required',
      jobs: [],
    });
    expect(await progress()).toMatchObject({
      phase: 'in-progress',
      message: 'Somebody who may write to the repository has to allow it.',
      waitsFor: { kind: 'person' },
    });
  });

  it('says how many of its jobs are done', async () => {
    await deploy();
    const [attempt] = repo.runs[0].attempts;
    attempt.jobs.unshift(endedJob(standIn.nextId(), 'check'));
    expect(await progress()).toMatchObject({
      message: 'deploy.yaml is running: 1 of 2 jobs done.',
    });
    expect(await progress()).not.toHaveProperty('waitsFor');
  });

  it('fails with the run, and leaves what is live', async () => {
    await deploy();
    Object.assign(repo.runs[0].attempts[0], {
      status: 'completed',
      conclusion: 'startup_failure',
      jobs: [],
    });
    expect(await progress()).toEqual({
      phase: 'failed',
      message:
        'deploy.yaml failed: GitHub could not start the run; check the workflow file.',
    });
    expect(
      await testInstance(standIn).deployments.getState(target, context()),
    ).toMatchObject({ live: null, status: 'unknown' });
  });

  it.each([
    ['after it was recorded', /\/statuses$/],
    ['when the workflow was to be started', /\/dispatches$/],
  ])(
    'goes on in another process that comes after a fault %s',
    async (_, at) => {
      const failed = failOnce(at);
      await expect(deploy()).rejects.toMatchObject({ kind: 'unavailable' });
      expect(failed()).toBe(1);
      // So that the backend sends the order again.
      expect(await progress()).toEqual({ phase: 'unknown' });
      await deploy();
      expect(repo.deployments).toHaveLength(1);
      expect(repo.runs).toHaveLength(1);
      expect(await progress()).toMatchObject({ phase: 'in-progress' });
    },
  );

  it('is not started twice where GitHub did start it and did not say so', async () => {
    failOnce(/\/dispatches$/, true);
    await expect(deploy()).rejects.toMatchObject({ kind: 'unavailable' });
    await deploy();
    expect(repo.runs).toHaveLength(1);
    // The stand-in's run has ended well already.
    expect(await progress()).toMatchObject({ phase: 'live' });
  });

  it('is left to the process that recorded it first, and gone on with if that died', async () => {
    const other = () => ({
      id: standIn.nextId(),
      ref: 'main',
      task: 'slipway:d-1',
      environment: 'production',
      payload: { slipway_deployment: 'd-1', version: '1.4.0' },
      createdAt: '2026-03-01T10:00:00Z',
      statuses: [],
    });
    standIn.intercept = (method, path) => {
      if (method === 'post' && path.endsWith('/deployments')) {
        repo.deployments.push(other());
        standIn.intercept = () => undefined;
      }
      return undefined;
    };
    const instance = testInstance(standIn);
    await expect(deploy(instance)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(repo.runs).toEqual([]);
    await deploy(instance);
    expect(repo.runs).toHaveLength(1);
    const [first, second] = repo.deployments;
    expect(first.statuses.map(({ state }) => state)).toEqual([
      'pending',
      'queued',
    ]);
    expect(second.statuses).toEqual([]);
  });

  it('asks GitHub once in a while, however often it is followed', async () => {
    await deploy();
    const { deployments } = testInstance(standIn, { followSeconds: 60 });
    for (let i = 0; i < 5; i += 1) {
      await deployments.getProgress(target, 'd-1', context());
    }
    expect(
      standIn.requests('get', /deployments\?task=slipway%3Ad-1/).length,
    ).toBeLessThanOrEqual(3);
  });
});

describe('what an environment serves', () => {
  const made = (parts: Partial<RepositoryState['deployments'][number]>) =>
    repo.deployments.push({
      id: standIn.nextId(),
      ref: 'main',
      task: 'deploy',
      environment: 'production',
      payload: '',
      createdAt: '2026-03-01T10:00:00Z',
      statuses: [
        {
          id: standIn.nextId(),
          state: 'success',
          description: '',
          logUrl: '',
          environmentUrl: '',
          createdAt: '2026-03-01T10:00:00Z',
        },
      ],
      ...parts,
    });
  const state = async () =>
    testInstance(standIn).deployments.getState(target, context());

  it('is not known where no deployment says its version', async () => {
    made({});
    expect(await state()).toMatchObject({ live: null, status: 'unknown' });
  });

  it('comes from the payload or the tag of a deployment made outside Slipway', async () => {
    made({ ref: 'v1.2.0' });
    expect(await state()).toMatchObject({
      live: { version: 'v1.2.0', deploymentId: null },
    });
    made({ payload: JSON.stringify({ version: '1.3.0' }) });
    expect(await state()).toMatchObject({ live: { version: '1.3.0' } });
  });

  it('is not what was deployed to another environment, nor what failed', async () => {
    made({ payload: { version: '1.0.0' } });
    made({ payload: { version: '2.0.0' }, environment: 'staging' });
    made({ payload: { version: '3.0.0' }, statuses: [] });
    expect(await state()).toMatchObject({ live: { version: '1.0.0' } });
  });
});
