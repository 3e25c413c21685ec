import { GitlabStandIn } from '../__testUtils__/GitlabStandIn';
import type { ProjectState } from '../__testUtils__/standInState';
import { context, modelOf, testInstance } from '../__testUtils__/testInstance';

const PATH = 'acme/penguins';
const standIn = new GitlabStandIn();
const FROM = 'a'.repeat(40);
const TO = 'b'.repeat(40);
const ada = { name: 'Ada', email: 'ada@acme.example' };
const jonas = { name: 'Jonas', email: 'jonas@acme.example' };
let project: ProjectState;

beforeAll(async () => standIn.start());
afterAll(async () => standIn.stop());
beforeEach(() => {
  standIn.projects.clear();
  project = standIn.project(PATH);
  standIn.log.length = 0;
});

const authors = async (from: string | null = FROM, to = TO) =>
  testInstance(standIn).pipelines.authors(
    modelOf(PATH),
    { from, to },
    context(),
  );

describe('the authors of a range of commits on GitLab', () => {
  it('are named once each, without who merged', async () => {
    const merge = { name: 'Mei', email: 'mei@acme.example', parents: 2 };
    project.commits = [ada, jonas, merge, ada];
    expect(await authors()).toEqual([ada, jonas]);
    expect(standIn.log.map(({ path }) => path)).toContainEqual(
      expect.stringContaining(`ref_name=${FROM}..${TO}`),
    );
  });

  it.each([FROM, null])('are read from all pages since %s', async from => {
    project.commits = [jonas, ...Array.from({ length: 249 }, () => ada)];
    const found = await authors(from);
    expect(found.map(({ name }) => name).sort()).toEqual(['Ada', 'Jonas']);
  });

  it('are unknown above 250 commits', async () => {
    project.commits = Array.from({ length: 251 }, () => ada);
    await expect(authors()).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining('has more than 250 commits'),
    });
  });

  it.each(['1-ada@users.noreply.gitlab.com', ''])(
    'are unknown where one has the address %j, which nobody has in the catalog',
    async email => {
      project.commits = [jonas, { name: 'Ada', email }];
      await expect(authors()).rejects.toMatchObject({
        message: expect.stringContaining(
          'Ada wrote commits with an address that GitLab hides',
        ),
      });
    },
  );

  it('are not nobody where the project lacks a commit, of which GitLab lists nothing', async () => {
    project.commits = null;
    await expect(authors()).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/does not have the commit [ab]{40}/),
    });
  });

  it.each(['main', '../../users', `${FROM}..${TO}`, ''])(
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
