import { addWorkflow, workflowFile } from '../__testUtils__/fixtures';
import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import type { RepositoryState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';
import { declaredInputs } from './declaredInputs';

// GitHub asks for a second between two requests that write, and so we wait.
jest.setTimeout(60_000);

const standIn = new GithubStandIn();
const model = modelOf('acme/penguins');
let repo: RepositoryState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  repo = standIn.add('acme/penguins');
  addWorkflow(repo, 'model.yaml', workflowFile(['reason', 'slipway_key']));
  standIn.tellsRuns = true;
  standIn.looksUntilEnd = null;
});
afterEach(() => standIn.assertKept());

const asked = { key: 'key-1', reason: 'drift', by: 'user:default/ada' };
const train = async (instance = testInstance(standIn)) =>
  instance.pipelines.trigger(
    model,
    { kind: 'training', ref: 'main', ...asked },
    context(),
  );

describe('starting a workflow', () => {
  it('tells the inputs that it declares, and answers with the run', async () => {
    expect(await train()).toEqual({ runId: String(repo.runs[0].id) });
    expect(repo.runs[0].inputs).toEqual({
      reason: 'drift',
      slipway_key: 'key-1',
    });
  });

  it('finds the run on a server that does not tell it', async () => {
    standIn.tellsRuns = false;
    standIn.addRun(repo, {
      createdAt: '2026-03-01T10:00:00Z',
      event: 'workflow_dispatch',
    });
    expect(await train()).toEqual({ runId: String(repo.runs[1].id) });
    expect(repo.runs).toHaveLength(2);
  });

  it('finds its own among several by the key that the run’s name shows', async () => {
    standIn.tellsRuns = false;
    addWorkflow(
      repo,
      'model.yaml',
      workflowFile(['slipway_key'], 'Train ${{ inputs.slipway_key }}'),
    );
    const instance = testInstance(standIn);
    const [first, second] = await Promise.all([
      train(instance),
      instance.pipelines.trigger(
        model,
        { kind: 'training', ref: 'main', ...asked, key: 'key-2' },
        context(),
      ),
    ]);
    const idOf = (key: string) =>
      String(repo.runs.find(run => run.inputs.slipway_key === key)!.id);
    expect(first.runId).toBe(idOf('key-1'));
    expect(second.runId).toBe(idOf('key-2'));
  });

  it('is done once for a key, in another process too where the name shows it', async () => {
    addWorkflow(
      repo,
      'model.yaml',
      workflowFile(['slipway_key'], 'Train ${{ inputs.slipway_key }}'),
    );
    const first = await train();
    expect(await train(testInstance(standIn))).toEqual(first);
    expect(repo.runs).toHaveLength(1);
  });

  it('says which input it would need to compare a version again', async () => {
    await expect(
      testInstance(standIn).pipelines.trigger(
        model,
        { kind: 'evaluation', version: '1.0.0', champion: null, ...asked },
        context(),
      ),
    ).rejects.toMatchObject({
      kind: 'bad-data',
      message:
        'model.yaml of acme/penguins does not take the input version; declare it below on.workflow_dispatch.inputs.',
    });
    expect(repo.runs).toEqual([]);
  });

  it('is not possible where the entity names no workflow', async () => {
    await expect(
      testInstance(standIn).pipelines.trigger(
        modelOf('acme/penguins', { workflow: undefined }),
        { kind: 'training', ref: 'main', ...asked },
        context(),
      ),
    ).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

describe('the inputs that a workflow declares', () => {
  it.each([
    ['on: workflow_dispatch', []],
    ['on: [push, workflow_dispatch]', []],
    ['on:\n  workflow_dispatch:', []],
    ['on:\n  push:', []],
    ['on: { workflow_dispatch: { inputs: { a: {}, b: null } } }', ['a', 'b']],
    ['jobs: {}', undefined],
    ['on: [', undefined],
    ['a'.repeat(600_000), undefined],
  ])('in %.40s', (yaml, expected) => {
    expect(declaredInputs(yaml)).toEqual(expected);
  });
});
