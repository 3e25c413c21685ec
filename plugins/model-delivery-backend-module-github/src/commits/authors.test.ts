import { GithubStandIn } from '../__testUtils__/GithubStandIn';
import type { RepositoryState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const standIn = new GithubStandIn();
const FROM = 'a'.repeat(40);
const TO = 'b'.repeat(40);
const ada = { name: 'Ada', email: 'ada@acme.example' };
const jonas = { name: 'Jonas', email: 'jonas@acme.example' };
let repo: RepositoryState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  repo = standIn.add('acme/penguins');
  standIn.log.length = 0;
});
afterEach(() => standIn.assertKept());

const authors = async (
  from: string | null = FROM,
  to = TO,
  instance = testInstance(standIn),
) =>
  instance.pipelines.authors(modelOf('acme/penguins'), { from, to }, context());

describe('the authors of a range of commits on GitHub', () => {
  it('are named once each', async () => {
    repo.commits = [ada, jonas, ada];
    expect(await authors()).toEqual([ada, jonas]);
  });

  it('do not include who merged, nor bots', async () => {
    repo.commits = [
      ada,
      { ...jonas, parents: 2 },
      { name: 'renovate', email: 'bot@users.noreply.github.com', bot: true },
    ];
    expect(await authors()).toEqual([ada]);
  });

  it.each([FROM, null])('are read from all pages since %s', async from => {
    repo.commits = [
      jonas,
      ...Array.from({ length: 248 }, () => ada),
      { name: 'Mei', email: 'mei@acme.example' },
    ];
    const found = await authors(from);
    expect(found.map(({ name }) => name).sort()).toEqual([
      'Ada',
      'Jonas',
      'Mei',
    ]);
    expect(standIn.log).toHaveLength(3);
  });

  it.each([FROM, null])(
    'are unknown above 250 commits since %s',
    async from => {
      repo.commits = Array.from({ length: 251 }, () => ada);
      await expect(authors(from)).rejects.toMatchObject({
        kind: 'bad-data',
        message: expect.stringContaining('has more than 250 commits'),
      });
    },
  );

  it.each(['1+ada@users.noreply.github.com', ''])(
    'are unknown where one has the address %j, which nobody has in the catalog',
    async email => {
      repo.commits = [jonas, { name: 'Ada', email }];
      await expect(authors()).rejects.toMatchObject({
        message: expect.stringContaining(
          'Ada wrote commits with an address that GitHub hides',
        ),
      });
    },
  );

  it('cost nothing where they were read before', async () => {
    repo.commits = [ada];
    const instance = testInstance(standIn);
    await authors(FROM, TO, instance);
    const { remaining } = standIn;
    expect(await authors(FROM, TO, instance)).toEqual([ada]);
    expect(standIn.remaining).toBe(remaining);
    expect(standIn.log.map(({ status }) => status)).toEqual([200, 304]);
  });

  it.each(['main', '../../../orgs/acme', `${FROM}...${TO}`, ''])(
    'are not asked for between what is no commit: %j',
    async sha => {
      await expect(authors(FROM, sha)).rejects.toMatchObject({
        kind: 'not-found',
      });
      await expect(authors(sha)).rejects.toMatchObject({ kind: 'not-found' });
      expect(standIn.log).toEqual([]);
    },
  );
});
