import { Readable } from 'node:stream';
import type {
  EnvironmentTarget,
  RunAnswer,
} from '@slipway/plugin-model-delivery-node';
import { addWorkflow, workflowFile } from '../__testUtils__/fixtures';
import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import type { RepositoryState, RunState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

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
  standIn.remaining = 5_000;
  standIn.assertKept();
});

/** A run that waits for the rule of an environment. */
function waitingRun(parts: Partial<RunState> = {}): RunState {
  const run = standIn.addRun(repo, {
    createdAt: '2026-03-01T10:00:00Z',
    workflow: 'deploy.yaml',
    ...parts,
  });
  Object.assign(run.attempts[0], { status: 'waiting', conclusion: null });
  run.protections.set('production', []);
  return run;
}

const deploy = async (deploymentId: string, runId?: string) =>
  testInstance(standIn).deployments.deploy(
    target,
    {
      deploymentId,
      version: '1.4.0',
      digest: null,
      artifactUri: null,
      openBundle: async () => ({ stream: Readable.from([]), sizeBytes: null }),
      ...(runId && { runId }),
    },
    context(),
  );
const read = async (run: RunState) =>
  testInstance(standIn).deployments.getAskingRun(
    target,
    String(run.id),
    context(),
  );
const answer = async (run: RunState, what: RunAnswer) =>
  testInstance(standIn).deployments.answerRun(
    target,
    String(run.id),
    what,
    context(),
  );

describe('a run that waits for the deployment protection rule', () => {
  it('is read as GitHub has it: commit, branch, person and address', async () => {
    const run = waitingRun({ branch: 'v1.4.0' });
    expect(await read(run)).toEqual({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      ref: 'v1.4.0',
      titleOfInputs: null,
      startedBy: { name: 'octocat', annotation: 'github.com/user-login' },
      url: `https://github.example/acme/deployed/actions/runs/${run.id}`,
      isOpen: true,
      deploymentId: null,
    });
  });

  it('tells its title where inputs choose the version', async () => {
    const run = waitingRun({
      event: 'workflow_dispatch',
      title: 'Deploy 1.4.0',
    });
    expect(await read(run)).toMatchObject({ titleOfInputs: 'Deploy 1.4.0' });
  });

  it('is known as the run of a deployment that Slipway started', async () => {
    await deploy('d-1');
    expect(await read(repo.runs[0])).toMatchObject({ deploymentId: 'd-1' });
    expect(await read(waitingRun())).toMatchObject({ deploymentId: null });
  });

  it('is not decided on while a deployment starts a run that is not known yet', async () => {
    standIn.intercept = (method, path) =>
      method === 'post' && path.endsWith('/dispatches')
        ? { status: 502, body: { message: 'Bad gateway' } }
        : undefined;
    await expect(deploy('d-1')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(read(waitingRun())).rejects.toMatchObject({
      kind: 'unavailable',
    });
    // One that was never started is no reason any more.
    repo.deployments[0].createdAt = '2026-01-01T00:00:00Z';
    expect(await read(waitingRun())).toMatchObject({ deploymentId: null });
  });

  it.each(['approved', 'rejected'] as const)('is %s', async state => {
    const run = waitingRun();
    await answer(run, { state, comment: '2 of 2 gates passed.' });
    expect(run.protections.get('production')).toEqual([
      { state, comment: '2 of 2 gates passed.' },
    ]);
  });

  it('gets reports of at most 1,024 characters, and goes on waiting', async () => {
    const run = waitingRun();
    await answer(run, { state: 'pending', comment: 'x'.repeat(3_000) });
    const [report] = run.protections.get('production')!;
    expect(report).toEqual({ state: null, comment: `${'x'.repeat(1_023)}…` });
    expect(await read(run)).toMatchObject({ isOpen: true });
  });

  it('can be answered again after the answer was lost', async () => {
    const run = waitingRun();
    const approved: RunAnswer = { state: 'approved', comment: 'Fine.' };
    await answer(run, approved);
    await answer(run, approved);
    expect(run.protections.get('production')).toHaveLength(1);
  });

  it('says what GitHub refuses while the run still waits', async () => {
    const run = waitingRun();
    run.protections.clear();
    await expect(
      answer(run, { state: 'approved', comment: 'Fine.' }),
    ).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining('No pending deployment protection rule'),
    });
  });

  it('is asked for later where the limit of GitHub is reached', async () => {
    const run = waitingRun();
    standIn.remaining = 0;
    await expect(
      answer(run, { state: 'approved', comment: 'Fine.' }),
    ).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfter: expect.any(Number),
    });
    expect(run.protections.get('production')).toEqual([]);
  });

  it('carries out the deployment that it was given, and no other run is started', async () => {
    const run = waitingRun();
    await deploy('d-2', String(run.id));
    await deploy('d-2', String(run.id));
    expect(repo.runs).toHaveLength(1);
    expect(repo.deployments).toMatchObject([{ task: 'slipway:d-2' }]);
    expect(await read(run)).toMatchObject({ deploymentId: 'd-2' });
    await answer(run, { state: 'approved', comment: 'Fine.' });
    Object.assign(run.attempts[0], {
      status: 'completed',
      conclusion: 'success',
    });
    expect(
      await testInstance(standIn).deployments.getProgress(
        target,
        'd-2',
        context(),
      ),
    ).toMatchObject({ phase: 'live' });
  });

  it.each(['../../x', '0', '12345678901234567', ''])(
    'is not asked for where its id is %j',
    async id => {
      const { deployments } = testInstance(standIn);
      await expect(
        deployments.getAskingRun(target, id, context()),
      ).rejects.toMatchObject({ kind: 'not-found' });
      expect(standIn.log).toEqual([]);
    },
  );
});
