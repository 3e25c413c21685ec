import { Readable } from 'node:stream';
import type {
  DeployProgress,
  EnvironmentTarget,
} from '@slipway/plugin-model-delivery-node';
import { GitlabStandIn } from '../__testUtils__/GitlabStandIn';
import type {
  PipelineState,
  ProjectState,
} from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const PATH = 'acme/deployed';
const standIn = new GitlabStandIn();
const target: EnvironmentTarget = {
  ...modelOf(PATH),
  environment: 'production',
};
let project: ProjectState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  project = standIn.project(PATH);
  standIn.looksUntilEnd = null;
  standIn.log.length = 0;
});
afterEach(() => {
  standIn.intercept = () => undefined;
});

const request = {
  deploymentId: 'd-1',
  version: '1.4.0',
  digest: `sha256:${'a'.repeat(64)}`,
  artifactUri: 's3://models/1.4.0',
  openBundle: async () => ({ stream: Readable.from([]), sizeBytes: null }),
};
const deploy = async (instance = testInstance(standIn)) =>
  instance.deployments.deploy(target, request, context());
/** As another process reads it. */
const progress = async (): Promise<DeployProgress> =>
  testInstance(standIn).deployments.getProgress(target, 'd-1', context());
const state = async () =>
  testInstance(standIn).deployments.getState(target, context());
const cancel = async () =>
  testInstance(standIn).deployments.cancel(target, 'd-1', context());

/** The pipeline of the order, with its deployment waiting. */
function hold(parts: Partial<PipelineState>, record: string): PipelineState {
  const pipeline = project.pipelines.at(-1)!;
  Object.assign(pipeline, parts);
  pipeline.jobs[0].status = 'manual';
  project.deployments.at(-1)!.status = record;
  return pipeline;
}

/** A success of a pipeline with these variables, at a time. */
function succeeded(
  values: Record<string, string>,
  parts: { at: string; ref?: string },
) {
  const pipeline = standIn.addPipeline(PATH, {
    createdAt: parts.at,
    variables: Object.entries(values).map(([key, value]) => ({ key, value })),
  });
  const job = standIn.addJob(pipeline, { name: 'deploy' });
  return standIn.addDeployment(PATH, {
    ref: parts.ref ?? 'main',
    updatedAt: parts.at,
    by: { pipeline, job },
  });
}

describe('an order', () => {
  it('is a pipeline of the default branch whose variables carry it', async () => {
    await deploy();
    const [{ ref, variables }] = project.pipelines;
    expect(ref).toBe('main');
    expect(
      Object.fromEntries(variables.map(({ key, value }) => [key, value])),
    ).toEqual({
      SLIPWAY_ACTION: 'deploy',
      SLIPWAY_KEY: 'd-1',
      SLIPWAY_DEPLOYMENT_ID: 'd-1',
      SLIPWAY_ENVIRONMENT: 'production',
      SLIPWAY_VERSION: '1.4.0',
      SLIPWAY_DIGEST: request.digest,
      SLIPWAY_ARTIFACT_URI: 's3://models/1.4.0',
    });
  });

  it('is found again by another process, which starts no second pipeline', async () => {
    await deploy();
    await deploy(testInstance(standIn));
    expect(project.pipelines).toHaveLength(1);
    expect(await progress()).toMatchObject({
      phase: 'in-progress',
      runId: String(project.pipelines[0].id),
    });
  });

  it('is found among more than a page of pipelines that were started after it', async () => {
    await deploy();
    for (let n = 0; n < 120; n += 1) standIn.startPipeline(PATH, 'main', []);
    expect(await progress()).toMatchObject({
      phase: 'in-progress',
      runId: String(project.pipelines[0].id),
    });
  });

  it('is one pipeline where the answer to its start is lost', async () => {
    let lost = 0;
    standIn.intercept = method => {
      if (method !== 'POST' || lost > 0) return undefined;
      lost += 1;
      standIn.startPipeline(PATH, 'main', [
        { key: 'SLIPWAY_KEY', value: 'd-1' },
      ]);
      return { status: 502, body: 'Bad gateway' };
    };
    const instance = testInstance(standIn);
    await expect(deploy(instance)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await deploy(instance);
    expect(lost).toBe(1);
    expect(project.pipelines).toHaveLength(1);
  });

  it('counts the first of two that were started at once, and cancels the other', async () => {
    const once = new Set<string>();
    standIn.intercept = (method, path) => {
      if (method === 'POST' && path.endsWith('/pipeline') && !once.has(path)) {
        once.add(path);
        // Another process, between this one's look and its start.
        standIn.startPipeline(PATH, 'main', [
          { key: 'SLIPWAY_ACTION', value: 'deploy' },
          { key: 'SLIPWAY_ENVIRONMENT', value: 'production' },
          { key: 'SLIPWAY_KEY', value: 'd-1' },
        ]);
      }
      return undefined;
    };
    await deploy();
    expect(project.pipelines.map(({ status }) => status)).toEqual([
      'running',
      'canceled',
    ]);
    expect(await progress()).toMatchObject({
      runId: String(project.pipelines[0].id),
    });
  });

  it('fails in GitLab’s words where GitLab takes no such pipeline', async () => {
    const instance = testInstance(standIn);
    const gone = { ...target, target: { provider: 'gitlab', ref: 'gone' } };
    await instance.deployments.deploy(gone, request, context());
    expect(
      await instance.deployments.getProgress(gone, 'd-1', context()),
    ).toEqual({
      phase: 'failed',
      message: 'GitLab rejected the request (400): Reference not found',
    });
    expect(project.pipelines).toEqual([]);
  });
});

describe('a deployment that waits on GitLab', () => {
  it('names the approvals that its environment requires', async () => {
    await deploy();
    const pipeline = hold({ status: 'manual' }, 'blocked');
    const approved = { status: 'approved', user: { name: 'Ada' } };
    project.deployments[0].approvals = {
      pending_approval_count: 2,
      approval_summary: {
        rules: [
          {
            access_level_description: 'Maintainers',
            required_approvals: 2,
            deployment_approvals: [approved],
          },
          {
            access_level_description: 'qa-group',
            required_approvals: 1,
            deployment_approvals: [],
          },
        ],
      },
    };
    const waiting = await progress();
    expect(waiting).toEqual({
      phase: 'in-progress',
      message:
        'production requires approvals on GitLab: 1 of 2 by Maintainers, 0 of 1 by qa-group.',
      runId: String(pipeline.id),
      waitsFor: {
        kind: 'person',
        url: `https://gitlab.example/-/jobs/${pipeline.jobs[0].id}`,
      },
    });
    expect(await progress()).toEqual(waiting);
  });

  it('waits for its job to be started, also where the pipeline counts as passed without it', async () => {
    await deploy();
    hold({ status: 'success' }, 'created');
    expect(await progress()).toMatchObject({
      phase: 'in-progress',
      message: 'deploy waits to be started on GitLab.',
      waitsFor: { kind: 'person' },
    });
  });

  it('ends when it is cancelled, although GitLab keeps its job', async () => {
    await deploy();
    const pipeline = hold({ status: 'manual' }, 'blocked');
    await cancel();
    expect(pipeline).toMatchObject({
      status: 'manual',
      name: 'Cancelled in Slipway',
    });
    expect(await progress()).toEqual({
      phase: 'failed',
      message:
        'It was cancelled while it waited. GitLab keeps its job, which people can still start there.',
    });
  });

  it('goes live where somebody starts its job after all', async () => {
    await deploy();
    hold({ status: 'manual', name: 'Cancelled in Slipway' }, 'success');
    project.pipelines[0].jobs[0].status = 'success';
    expect(await progress()).toMatchObject({ phase: 'live' });
    expect((await state()).live).toMatchObject({ deploymentId: 'd-1' });
  });
});

describe('a deployment that ends', () => {
  it('is live as soon as GitLab records it, while later jobs still run', async () => {
    await deploy();
    const [pipeline] = project.pipelines;
    pipeline.jobs[0].status = 'success';
    standIn.addJob(pipeline, { name: 'report', status: 'running' });
    project.deployments[0].status = 'success';
    expect(await progress()).toMatchObject({
      phase: 'live',
      message: 'The pipeline brought 1.4.0 to production.',
    });
  });

  it('fails with its pipeline, and leaves what is live', async () => {
    succeeded({ SLIPWAY_VERSION: '1.3.0' }, { at: '2026-03-01T10:00:00.000Z' });
    await deploy();
    Object.assign(project.pipelines.at(-1)!, {
      status: 'failed',
      finishedAt: new Date().toISOString(),
    });
    project.pipelines.at(-1)!.jobs[0].status = 'failed';
    project.deployments.at(-1)!.status = 'failed';
    expect(await progress()).toEqual({
      phase: 'failed',
      message: 'The pipeline failed: deploy failed.',
    });
    expect((await state()).live).toMatchObject({ version: '1.3.0' });
  });

  it('fails where the pipeline passed and no job of it deployed to the environment', async () => {
    await deploy();
    project.deployments.length = 0;
    Object.assign(project.pipelines[0], {
      status: 'success',
      finishedAt: new Date().toISOString(),
    });
    expect(await progress()).toEqual({
      phase: 'failed',
      message:
        'The pipeline passed, but GitLab has no deployment of it to production. Give the job that deploys “environment: production”.',
    });
  });

  it('follows the job that took the place of one that failed', async () => {
    await deploy();
    const [pipeline] = project.pipelines;
    Object.assign(pipeline.jobs[0], { status: 'failed', retried: true });
    project.deployments[0].status = 'failed';
    const job = standIn.addJob(pipeline, { name: 'deploy' });
    standIn.addDeployment(PATH, { by: { pipeline, job } });
    expect(await progress()).toMatchObject({ phase: 'live' });
  });

  it('leaves a live one alone when it is cancelled', async () => {
    await deploy();
    project.deployments[0].status = 'success';
    await cancel();
    expect(project.pipelines[0].status).toBe('running');
  });
});

describe('what an environment serves', () => {
  it('is unknown where the project has no such environment, and says so', async () => {
    expect(await state()).toEqual({
      live: null,
      status: 'unknown',
      message:
        'The project has no environment production yet; the first deployment makes it.',
      endpoint: null,
    });
  });

  it('is the deployment that ended last: a job that was retried is newer than the others', async () => {
    const old = succeeded(
      { SLIPWAY_VERSION: '1.0.0', SLIPWAY_DEPLOYMENT_ID: 'd-0' },
      { at: '2026-03-05T10:00:00.000Z' },
    );
    succeeded(
      { SLIPWAY_VERSION: '2.0.0', SLIPWAY_DEPLOYMENT_ID: 'd-9' },
      { at: '2026-03-01T10:00:00.000Z' },
    );
    expect(old.id).toBeLessThan(project.deployments.at(-1)!.id);
    expect(await state()).toMatchObject({
      live: { version: '1.0.0', deploymentId: 'd-0', by: null },
      status: 'ready',
      endpoint: 'https://production.penguins.example',
    });
  });

  it('names who deployed outside Slipway, by a tag too', async () => {
    succeeded({}, { at: '2026-03-01T10:00:00.000Z', ref: 'v1.2.0' });
    expect((await state()).live).toEqual({
      version: 'v1.2.0',
      digest: null,
      deploymentId: null,
      by: 'Ada',
    });
  });

  it('is unknown, and not the version before, where the newest deployment names none', async () => {
    succeeded({ SLIPWAY_VERSION: '1.0.0' }, { at: '2026-03-01T10:00:00.000Z' });
    succeeded({}, { at: '2026-03-02T10:00:00.000Z' });
    expect(await state()).toMatchObject({
      live: null,
      status: 'unknown',
      message: expect.stringContaining('names no version'),
    });
  });

  it('is unknown where the token may not read the variables', async () => {
    succeeded({ SLIPWAY_VERSION: '1.0.0' }, { at: '2026-03-01T10:00:00.000Z' });
    standIn.intercept = (_, path) =>
      path.endsWith('/variables')
        ? { status: 403, body: { message: '403 Forbidden' } }
        : undefined;
    expect(await state()).toMatchObject({ live: null, status: 'unknown' });
  });

  it('is stopped where people stopped the environment', async () => {
    succeeded({ SLIPWAY_VERSION: '1.0.0' }, { at: '2026-03-01T10:00:00.000Z' });
    project.environments.set('production', 'stopped');
    expect(await state()).toMatchObject({
      live: { version: '1.0.0' },
      status: 'stopped',
    });
  });

  it('has no endpoint that is not an address of the web', async () => {
    succeeded({ SLIPWAY_VERSION: '1.0.0' }, { at: '2026-03-01T10:00:00.000Z' });
    standIn.intercept = (_, path) => {
      if (!path.includes('/deployments')) return undefined;
      const pipeline = { id: project.pipelines[0].id };
      const deployable = { name: 'deploy', status: 'success', pipeline };
      return {
        status: 200,
        body: [
          {
            id: 1,
            status: 'success',
            ref: 'main',
            updated_at: '2026-03-01T10:00:00.000Z',
            // eslint-disable-next-line no-script-url
            environment: { external_url: 'javascript:alert(1)' },
            deployable,
          },
        ],
      };
    };
    expect((await state()).endpoint).toBeNull();
  });
});
