import { GitlabStandIn } from '../__testUtils__/GitlabStandIn';
import { context, testInstance } from '../__testUtils__/testInstance';

const standIn = new GitlabStandIn();

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  standIn.log.length = 0;
});

const find = async (search: string) =>
  testInstance(standIn).pipelines.candidates(search, context());

describe('the projects that a model can be made of', () => {
  it('are told as an entity would name them', async () => {
    standIn.project('acme/research/Penguins');
    expect(await find('')).toEqual([
      {
        target: { provider: 'gitlab', project: 'acme/research/Penguins' },
        title: 'acme/research/Penguins',
        description: null,
        url: 'https://gitlab.example/acme/research/Penguins',
        suggests: {
          name: 'penguins',
          annotations: { 'gitlab.com/project-slug': 'acme/research/Penguins' },
        },
      },
    ]);
  });

  it.each(['penguins', 'acme/penguins'])(
    'begin with the one that is named %s',
    async search => {
      standIn.project('acme/penguins-old');
      standIn.project('acme/penguins');
      const found = await find(search);
      expect(found.map(({ title }) => title)).toEqual([
        'acme/penguins',
        'acme/penguins-old',
      ]);
    },
  );

  it('suggest no name that the catalog does not take', async () => {
    standIn.project('acme/_penguins_');
    const [{ suggests }] = await find('');
    expect(suggests).not.toHaveProperty('name');
  });

  it('are those of the account, and one request', async () => {
    await find('a&membership=false#?');
    expect(standIn.log).toHaveLength(1);
    const { searchParams } = new URL(standIn.log[0].path, standIn.url);
    expect(searchParams.getAll('membership')).toEqual(['true']);
    expect(searchParams.get('search')).toBe('a&membership=false#?');
  });
});
