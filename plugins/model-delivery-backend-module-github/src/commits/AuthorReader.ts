import {
  type CommitAuthor,
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
/** More in one range are not read: nobody could review them at once either. */
const MAX_COMMITS = 250;
const SHA = /^[0-9a-f]{7,64}$/;
/** By which GitHub hides somebody's address. */
const HIDDEN = /@users\.noreply\./i;

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
    { from, to }: { from: string | null; to: string },
    signal: AbortSignal,
  ): Promise<CommitAuthor[]> {
    const named = [from, to].find(sha => sha !== null && !SHA.test(sha));
    if (named !== undefined && named !== null) {
      throw new ProviderError(
        'not-found',
        `${JSON.stringify(named.slice(0, 60))} is not a commit.`,
      );
    }
    const repository = { owner, repo };
    const found: GithubCommit[] = [];
    for (let page = 1; ; page += 1) {
      const { commits, total } = await this.#page(
        repository,
        { from, to },
        page,
        signal,
      );
      found.push(...commits);
      if (Math.max(found.length, total ?? 0) > MAX_COMMITS) {
        throw new ProviderError(
          'bad-data',
          `${describe(from)} has more than ${MAX_COMMITS} commits, so their authors are not read. Deploy smaller steps.`,
        );
      }
      const whole =
        total === null ? commits.length < PAGE : found.length >= total;
      if (whole || commits.length === 0) {
        if (total !== null && found.length < total) {
          throw new ProviderError(
            'bad-data',
            `GitHub returned ${found.length} of ${total} commits.`,
          );
        }
        return authorsOf(found);
      }
    }
  }

  async #page(
    repository: Repository,
    { from, to }: { from: string | null; to: string },
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

function authorsOf(commits: GithubCommit[]): CommitAuthor[] {
  const authors = new Map<string, CommitAuthor>();
  for (const { commit, author, parents } of commits) {
    if (parents > 1 || author?.type === 'Bot') continue;
    const name = commit.author?.name ?? '';
    const email = commit.author?.email ?? '';
    if (email === '' || HIDDEN.test(email)) {
      throw new ProviderError(
        'bad-data',
        `${name || 'Somebody'} wrote commits with an address that GitHub hides, so it is unknown who that is in the catalog. Commit with the address of the catalog.`,
      );
    }
    authors.set(`${name} ${email}`, { name, email });
  }
  return [...authors.values()];
}

function describe(from: string | null): string {
  return from === null
    ? 'The history of the version'
    : 'The range since the live version';
}
