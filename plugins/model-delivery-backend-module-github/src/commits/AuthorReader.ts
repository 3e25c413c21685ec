import {
  assertCommits,
  assertReadable,
  authorsOf,
  type CommitAuthor,
  type CommitRange,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import {
  commits as commitsAnswer,
  comparison as comparisonAnswer,
  type GithubCommit,
} from '../answers/commits';
import type { GithubClient } from '../client/GithubClient';
import type { Repository } from '../targets';

const COMMITS = '/repos/{owner}/{repo}/commits';
const COMPARE = '/repos/{owner}/{repo}/compare/{basehead}';
const PAGE = 100;

/** Reads who wrote the commits of a range. */
export class AuthorReader {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  /**
   * The authors of the commits that lead to `to` and not to `from`, without merges and without bots.
   *
   * @throws ProviderError `bad-data` where the range is too long, or where an author hides the
   *   address: it is then unknown who that is in the catalog.
   */
  async find(
    { owner, repo }: Repository,
    range: CommitRange,
    signal: AbortSignal,
  ): Promise<CommitAuthor[]> {
    assertCommits(range);
    const repository = { owner, repo };
    const found: GithubCommit[] = [];
    for (let page = 1; ; page += 1) {
      const { commits, total } = await this.#page(
        repository,
        range,
        page,
        signal,
      );
      found.push(...commits);
      assertReadable(range, Math.max(found.length, total ?? 0));
      const whole =
        total === null ? commits.length < PAGE : found.length >= total;
      if (whole || commits.length === 0) {
        if (total !== null && found.length < total) {
          throw new ProviderError(
            'bad-data',
            `GitHub returned ${found.length} of ${total} commits.`,
          );
        }
        return authorsOf('GitHub', writtenBy(found));
      }
    }
  }

  async #page(
    repository: Repository,
    { from, to }: CommitRange,
    page: number,
    signal: AbortSignal,
  ): Promise<{ commits: GithubCommit[]; total: number | null }> {
    if (from === null) {
      const commits = await this.#client.get(
        repository,
        COMMITS,
        { sha: to, per_page: PAGE, page },
        commitsAnswer,
        signal,
      );
      return { commits, total: null };
    }
    const { commits, total_commits: total } = await this.#client.get(
      repository,
      COMPARE,
      { basehead: `${from}...${to}`, per_page: PAGE, page },
      comparisonAnswer,
      signal,
    );
    return { commits, total };
  }
}

/** Without merges and without bots. */
function writtenBy(commits: GithubCommit[]) {
  return commits
    .filter(({ author, parents }) => parents <= 1 && author?.type !== 'Bot')
    .map(({ commit }) => commit.author ?? { name: null, email: null });
}
