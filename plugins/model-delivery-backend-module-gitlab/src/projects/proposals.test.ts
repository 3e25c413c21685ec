import { GitlabStandIn } from '../__testUtils__/GitlabStandIn';
import type { ProjectState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const PATH = 'acme/research/penguins';
const BRANCH = 'slipway/catalog-info-yaml';
const standIn = new GitlabStandIn();
let project: ProjectState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  project = standIn.project(PATH);
  standIn.log.length = 0;
});

const main = () => project.branches.get('main')!;
const proposed = () => project.branches.get(BRANCH)!.get('catalog-info.yaml');
const propose = async (content: string) =>
  testInstance(standIn).pipelines.propose(
    modelOf(PATH),
    {
      path: 'catalog-info.yaml',
      content,
      title: 'Describe the model',
      body: 'So that Backstage knows it.',
      by: 'user:default/ada',
    },
    context(),
  );
const findFiles = async (path: string) =>
  testInstance(standIn).pipelines.findFiles(
    modelOf(path),
    ['catalog-info.yaml', 'config/model.yaml'],
    context(),
  );

describe('files', () => {
  it('are found in the default branch', async () => {
    main().set('config/model.yaml', 'a: 1');
    expect(await findFiles(PATH)).toEqual(['config/model.yaml']);
  });

  it('of a project that is not there are no empty list', async () => {
    await expect(findFiles('acme/gone')).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});

describe('a proposal', () => {
  it('is a merge request from a branch of its own', async () => {
    const { url } = await propose('kind: MLModel\n');
    expect(proposed()).toBe('kind: MLModel\n');
    expect(main().size).toBe(0);
    expect(project.mergeRequests).toMatchObject([
      {
        source: BRANCH,
        target: 'main',
        title: 'Describe the model',
        description:
          'So that Backstage knows it.\n\nProposed from Backstage by user:default/ada.',
      },
    ]);
    expect(url).toBe('https://gitlab.example/-/merge_requests/1');
  });

  it('that is open is brought up to date, and not committed again where nothing differs', async () => {
    const first = await propose('a: 1\n');
    expect(await propose('a: 2\n')).toEqual(first);
    expect(proposed()).toBe('a: 2\n');
    expect(project.mergeRequests).toHaveLength(1);
    standIn.log.length = 0;
    await propose('a: 2\n');
    expect(standIn.log.map(({ method }) => method)).not.toContain('POST');
  });

  it('changes a file that the default branch has', async () => {
    main().set('catalog-info.yaml', 'old');
    await propose('a: 1\n');
    expect(proposed()).toBe('a: 1\n');
  });

  it('after a closed one begins at the default branch again', async () => {
    await propose('a: 1\n');
    project.mergeRequests[0].state = 'closed';
    main().set('README.md', 'new');
    await propose('a: 2\n');
    expect(project.mergeRequests).toHaveLength(2);
    expect(project.branches.get(BRANCH)!.get('README.md')).toBe('new');
  });
});
