import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { git } from './git';
import { Repositories } from './Repositories';

describe('the authors of a range of commits', () => {
  let folder: string;
  let repositories: Repositories;
  const commits: string[] = [];

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'slipway-authors-'));
    repositories = new Repositories(folder);
    const repository = repositories.path('penguins');
    await repositories.initialise(repository);
    const tree = (await git(['--git-dir', repository, 'mktree'], { input: '' }))
      .toString('utf8')
      .trim();
    const write = async (author: string, parents: string[]) => {
      const made = await git(
        [
          '--git-dir',
          repository,
          'commit-tree',
          tree,
          ...parents.flatMap(parent => ['-p', parent]),
          '-m',
          'Change',
        ],
        {
          env: {
            GIT_AUTHOR_NAME: author,
            GIT_AUTHOR_EMAIL: `${author.toLowerCase()}@acme.example`,
          },
        },
      );
      commits.push(made.toString('utf8').trim());
    };
    await write('Ada', []);
    await write('Jonas', [commits[0]]);
    await write('Jonas', [commits[1]]);
    await write('Mei', [commits[2], commits[0]]);
  });
  afterAll(() => fs.rm(folder, { recursive: true }));

  const names = async (from: string | null, to: string) =>
    (await repositories.authors('penguins', { from, to })).map(a => a.email);

  it('names each author once, and no author of a merge', async () => {
    expect(await names(commits[0], commits[3])).toEqual(['jonas@acme.example']);
  });

  it('counts all commits where nothing was live', async () => {
    expect(await names(null, commits[2])).toEqual([
      'jonas@acme.example',
      'ada@acme.example',
    ]);
  });
});
