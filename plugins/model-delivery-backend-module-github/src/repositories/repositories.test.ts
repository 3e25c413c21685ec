import { addWorkflow, workflowFile } from '../__testUtils__/fixtures';
import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import type { RepositoryState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

// GitHub asks for a second between two requests that write, and so we wait.
jest.setTimeout(60_000);

const standIn = new GithubStandIn();
const model = modelOf('acme/penguins');
let repo: RepositoryState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.repositories.clear();
  repo = standIn.add('acme/penguins');
});
afterEach(() => standIn.assertKept());

describe('files', () => {
  it('are found in the default branch', async () => {
    addWorkflow(repo, 'model.yaml', workflowFile([]));
    expect(
      await testInstance(standIn).pipelines.findFiles(
        model,
        ['catalog-info.yaml', '.github/workflows/model.yaml'],
        context(),
      ),
    ).toEqual(['.github/workflows/model.yaml']);
  });

  it('of a repository that is not there are no empty list', async () => {
    await expect(
      testInstance(standIn).pipelines.findFiles(
        modelOf('acme/gone'),
        ['catalog-info.yaml'],
        context(),
      ),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('a proposal', () => {
  const propose = async (content: string) =>
    testInstance(standIn).pipelines.propose(
      model,
      {
        path: 'catalog-info.yaml',
        content,
        title: 'Describe the model',
        body: 'So that Backstage knows it.',
        by: 'user:default/ada',
      },
      context(),
    );
  const BRANCH = 'slipway/catalog-info-yaml';
  const proposed = () =>
    repo.branches.get(BRANCH)!.files.get('catalog-info.yaml');

  it('is a pull request from a branch of its own', async () => {
    const { url } = await propose('kind: MLModel\n');
    expect(proposed()).toBe('kind: MLModel\n');
    expect(repo.branches.get('main')!.files.size).toBe(0);
    expect(repo.pulls).toMatchObject([
      {
        head: BRANCH,
        base: 'main',
        title: 'Describe the model',
        body: 'So that Backstage knows it.\n\nProposed from Backstage by user:default/ada.',
      },
    ]);
    expect(url).toBe(
      `https://github.example/acme/penguins/pull/${repo.pulls[0].number}`,
    );
  });

  it('that is open is brought up to date', async () => {
    const first = await propose('a: 1\n');
    expect(await propose('a: 2\n')).toEqual(first);
    expect(proposed()).toBe('a: 2\n');
    expect(repo.pulls).toHaveLength(1);
  });

  it('after a closed one begins at the default branch again', async () => {
    await propose('a: 1\n');
    repo.pulls[0].state = 'closed';
    repo.branches.get('main')!.files.set('README.md', 'new');
    await propose('a: 2\n');
    expect(repo.pulls).toHaveLength(2);
    expect(repo.branches.get(BRANCH)!.files.get('README.md')).toBe('new');
  });
});

describe('what a model could be made of', () => {
  beforeEach(() => {
    for (const slug of ['acme/house-prices', 'beta/penguin-weights']) {
      standIn.add(slug);
    }
  });
  const titles = async (search: string, owners?: string[]) =>
    (
      await testInstance(standIn, { owners }).pipelines.candidates(
        search,
        context(),
      )
    ).map(({ title }) => title);

  it('are the repositories that the token sees, the best match first', async () => {
    expect(await titles('')).toHaveLength(3);
    expect(await titles('PENGUINS')).toEqual(['acme/penguins']);
    expect(await titles('penguin')).toEqual([
      'acme/penguins',
      'beta/penguin-weights',
    ]);
    expect(await titles('prices')).toEqual(['acme/house-prices']);
    expect(await titles('beta/penguin-weights')).toEqual([
      'beta/penguin-weights',
    ]);
  });

  it('are those of the owners that the App is installed for', async () => {
    expect(await titles('penguin', ['acme'])).toEqual(['acme/penguins']);
    expect(await titles('', ['acme'])).toContain('acme/house-prices');
  });

  it('say what the entity would need', async () => {
    const [found] = await testInstance(standIn).pipelines.candidates(
      'house',
      context(),
    );
    expect(found).toMatchObject({
      target: { provider: 'github', repository: 'acme/house-prices' },
      suggests: {
        name: 'house-prices',
        annotations: { 'github.com/project-slug': 'acme/house-prices' },
      },
    });
  });
});
