import {
  proposalBodyOf,
  proposalBranchOf,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import {
  anything,
  file as fileAnswer,
  gitRef,
  pullRequest,
  pullRequests,
} from '../answers/repositories';
import type { GithubClient } from '../client/GithubClient';
import type { Repository } from '../targets';
import type { Workflows } from '../workflows/Workflows';

const CONTENTS = '/repos/{owner}/{repo}/contents/{path}';
const PULLS = '/repos/{owner}/{repo}/pulls';

export interface Proposal {
  path: string;
  content: string;
  title: string;
  body: string;
  by: string;
}

/** Looks for files in the default branch, and proposes them as pull requests. */
export class Proposals {
  readonly #client: GithubClient;
  readonly #workflows: Workflows;

  constructor(client: GithubClient, workflows: Workflows) {
    this.#client = client;
    this.#workflows = workflows;
  }

  /** Which of the paths the default branch has. @throws ProviderError */
  async findFiles(
    { owner, repo }: Repository,
    paths: string[],
    signal: AbortSignal,
  ): Promise<string[]> {
    const repository = { owner, repo };
    const found = await Promise.all(
      paths.map(async path =>
        orNull(
          this.#client.get(repository, CONTENTS, { path }, fileAnswer, signal),
        ),
      ),
    );
    const present = paths.filter((_, index) => found[index] !== null);
    // No file at all: of a repository that is not there, or of one that has none?
    if (present.length === 0) {
      await this.#workflows.defaultBranch(repository, signal);
    }
    return present;
  }

  /** One branch and one pull request for each path; what is open is brought up to date. */
  async propose(
    { owner, repo }: Repository,
    proposal: Proposal,
    signal: AbortSignal,
  ): Promise<{ url: string }> {
    const repository = { owner, repo };
    const base = await this.#workflows.defaultBranch(repository, signal);
    const branch = proposalBranchOf(proposal.path);
    const [open] = await this.#client.get(
      repository,
      PULLS,
      { head: `${owner}:${branch}`, state: 'open', base },
      pullRequests,
      signal,
    );
    if (!open) await this.#startBranch(repository, branch, base, signal);
    await this.#write(repository, branch, proposal, signal);
    const words = {
      title: proposal.title,
      body: proposalBodyOf(proposal),
    };
    const pull = open
      ? await this.#client.act(
          repository,
          `PATCH ${PULLS}/{pull_number}`,
          { pull_number: open.number, ...words },
          pullRequest,
          signal,
        )
      : await this.#client.act(
          repository,
          `POST ${PULLS}`,
          { ...words, head: branch, base },
          pullRequest,
          signal,
        );
    return { url: pull.html_url };
  }

  /** A branch from the tip of the default branch; one that an older proposal left is moved there. */
  async #startBranch(
    repository: Repository,
    branch: string,
    base: string,
    signal: AbortSignal,
  ): Promise<void> {
    const tip = async (name: string) =>
      this.#client.get(
        repository,
        '/repos/{owner}/{repo}/git/ref/{ref}',
        { ref: `heads/${name}` },
        gitRef,
        signal,
      );
    const { sha } = (await tip(base)).object;
    const left = await orNull(tip(branch));
    if (left) {
      await this.#client.act(
        repository,
        'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
        { ref: `heads/${branch}`, sha, force: true },
        anything,
        signal,
      );
      return;
    }
    await this.#client.act(
      repository,
      'POST /repos/{owner}/{repo}/git/refs',
      { ref: `refs/heads/${branch}`, sha },
      anything,
      signal,
    );
  }

  async #write(
    repository: Repository,
    branch: string,
    { path, content, title }: Proposal,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = Buffer.from(content, 'utf8');
    const there = await orNull(
      this.#client.get(
        repository,
        CONTENTS,
        { path, ref: branch },
        fileAnswer,
        signal,
      ),
    );
    if (there && Buffer.from(there.content, 'base64').equals(wanted)) return;
    await this.#client.act(
      repository,
      `PUT ${CONTENTS}`,
      {
        path,
        message: title,
        content: wanted.toString('base64'),
        branch,
        ...(there && { sha: there.sha }),
      },
      anything,
      signal,
    );
  }
}

async function orNull<T>(found: Promise<T>): Promise<T | null> {
  return found.catch(error => {
    if (error instanceof ProviderError && error.kind === 'not-found')
      return null;
    throw error;
  });
}
