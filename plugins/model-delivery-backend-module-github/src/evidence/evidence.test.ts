import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import { unitReport } from '../__testUtils__/fixtures';
import type {
  ArtifactState,
  RepositoryState,
  RunState,
} from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const standIn = new GithubStandIn();
const model = modelOf('acme/penguins');
let repo: RepositoryState;
let run: RunState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  repo = standIn.add('acme/penguins');
  run = standIn.addRun(repo, { createdAt: '2026-03-01T10:00:00Z' });
  standIn.storageLog.length = 0;
});
afterEach(() => standIn.assertKept());

function artifact(name: string, parts: Partial<ArtifactState> = {}) {
  run.artifacts.push({
    id: standIn.nextId(),
    name,
    expired: false,
    createdAt: '2026-03-01T10:05:00Z',
    zip: unitReport(1),
    ...parts,
  });
}
const read = async (
  runId = String(run.id),
  { pipelines } = testInstance(standIn),
) => pipelines.getEvidence(model, runId, context());

describe('evidence', () => {
  it('comes from the artifacts that are called so, and from no other', async () => {
    artifact('reports');
    artifact('candidate-logistic-7', { zip: Buffer.from('not even a zip') });
    artifact('reportsx', { zip: unitReport(9) });
    expect(await read()).toMatchObject([
      { kind: 'tests', suite: 'unit', passed: 1, runId: String(run.id) },
    ]);
  });

  it('is that of the later artifact, where two tell the same', async () => {
    artifact('reports-unit', { zip: unitReport(1) });
    artifact('reports-package', {
      zip: unitReport(2),
      createdAt: '2026-03-01T10:06:00Z',
    });
    expect(await read()).toMatchObject([{ passed: 2 }]);
  });

  it('is none where the artifact has expired', async () => {
    artifact('reports', { expired: true });
    expect(await read()).toEqual([]);
  });

  it('says of an archive that can’t be read why, and reads the others', async () => {
    artifact('reports-lint', { zip: Buffer.from('<h1>Sign in</h1>') });
    artifact('reports-unit');
    expect(await read()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'report',
          name: 'reports-lint',
          status: 'error',
          summary:
            'The artifact reports-lint was not read: it is not a whole zip archive.',
        }),
        expect.objectContaining({ kind: 'tests' }),
      ]),
    );
  });

  it('of an attempt is what had been uploaded until the next began', async () => {
    run.attempts.push({
      ...run.attempts[0],
      startedAt: '2026-03-02T10:00:00Z',
    });
    artifact('reports-unit', { zip: unitReport(1) });
    artifact('reports-unit', {
      zip: unitReport(2),
      createdAt: '2026-03-02T10:05:00Z',
    });
    expect(await read()).toMatchObject([{ passed: 1 }]);
    expect(await read(`${run.id}.2`)).toMatchObject([{ passed: 2 }]);
  });

  it('is downloaded once, and without the credentials', async () => {
    artifact('reports');
    const instance = testInstance(standIn);
    await read(String(run.id), instance);
    await read(String(run.id), instance);
    expect(standIn.storageLog).toEqual([
      expect.objectContaining({ status: 200, authorization: undefined }),
    ]);
  });
});
