import {
  assertCommits,
  assertReadable,
  authorsOf,
  type CommitAuthor,
  type CommitRange,
} from '@slipway/plugin-model-delivery-node';
import {
  commits as commitsAnswer,
  type GitlabCommit,
  oneCommit,
} from '../answers/commits';
import type { GitlabClient } from '../client/GitlabClient';

const PAGE = 100;

/** Reads who wrote the commits of a range. */
export class AuthorReader {
  readonly #client: GitlabClient;

  constructor(client: GitlabClient) {
    this.#client = client;
  }

  /**
   * The authors of the commits of a range, without merges. Bots count as well: GitLab marks none, and
   * anybody can write the address of one into a commit.
   *
   * @throws ProviderError `not-found` for a commit that the project does not have; `bad-data` where the
   *   range is too long, or where an author hides the address.
   */
  async find(
    project: string,
    range: CommitRange,
    signal: AbortSignal,
  ): Promise<CommitAuthor[]> {
    assertCommits(range);
    const { from, to } = range;
    // GitLab lists nothing where one of them is missing, which would mean that nobody wrote anything.
    await Promise.all(
      [from, to]
        .filter(sha => sha !== null)
        .map(async sha => this.#assertThere(project, sha, signal)),
    );
    const refName = from === null ? to : `${from}..${to}`;
    const found: GitlabCommit[] = [];
    for (let page = 1; ; page += 1) {
      const commits = await this.#client.get(
        project,
        async api => api.commits.all(project, { refName, perPage: PAGE, page }),
        commitsAnswer,
        signal,
      );
      found.push(...commits);
      assertReadable(range, found.length);
      if (commits.length < PAGE) break;
    }
    const written = found.filter(({ parent_ids: parents }) => parents <= 1);
    return authorsOf(
      'GitLab',
      written.map(({ author_name: name, author_email: email }) => ({
        name,
        email,
      })),
    );
  }

  async #assertThere(project: string, sha: string, signal: AbortSignal) {
    await this.#client.get(
      `the commit ${sha} of ${project}`,
      async api => api.commits.show(project, sha, { stats: false }),
      oneCommit,
      signal,
    );
  }
}
