import {
  proposalBodyOf,
  proposalBranchOf,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { anything } from '../answers/pipelines';
import {
  file as fileAnswer,
  mergeRequest,
  mergeRequests as mergeRequestsAnswer,
} from '../answers/projects';
import type { GitlabClient } from '../client/GitlabClient';
import { defaultBranchOf } from './defaultBranch';

export interface Proposal {
  path: string;
  content: string;
  title: string;
  body: string;
  by: string;
}

/** Looks for files in the default branch, and proposes them as merge requests. */
export class Proposals {
  readonly #client: GitlabClient;

  constructor(client: GitlabClient) {
    this.#client = client;
  }

  /** Which of the paths the default branch has. @throws ProviderError */
  async findFiles(
    project: string,
    paths: string[],
    signal: AbortSignal,
  ): Promise<string[]> {
    const branch = await defaultBranchOf(this.#client, project, signal);
    const found = await Promise.all(
      paths.map(async path => this.#read(project, path, branch, signal)),
    );
    return paths.filter((_, index) => found[index] !== null);
  }

  /** One branch and one merge request for each path; an open one is brought up to date. */
  async propose(
    project: string,
    proposal: Proposal,
    signal: AbortSignal,
  ): Promise<{ url: string }> {
    const base = await defaultBranchOf(this.#client, project, signal);
    const branch = proposalBranchOf(proposal.path);
    const [open] = await this.#client.get(
      project,
      async api =>
        api.mergeRequests.all({
          projectId: project,
          state: 'opened',
          sourceBranch: branch,
          targetBranch: base,
          page: 1,
        }),
      mergeRequestsAnswer,
      signal,
    );
    const there = open
      ? await this.#read(project, proposal.path, branch, signal)
      : null;
    if (there !== proposal.content) {
      await this.#write(project, { base, branch }, proposal, signal);
    }
    const { title } = proposal;
    const description = proposalBodyOf(proposal);
    const { web_url: url } = await this.#client.act(
      project,
      async api =>
        open
          ? api.mergeRequests.edit(project, open.iid, { title, description })
          : api.mergeRequests.create(project, branch, base, title, {
              description,
              removeSourceBranch: true,
            }),
      mergeRequest,
      signal,
    );
    return { url };
  }

  /** One commit on the tip of the default branch, which replaces what an earlier proposal left. */
  async #write(
    project: string,
    { base, branch }: { base: string; branch: string },
    { path, content, title }: Proposal,
    signal: AbortSignal,
  ): Promise<void> {
    const before = await this.#read(project, path, base, signal);
    await this.#client.act(
      project,
      async api =>
        api.commits.create(
          project,
          branch,
          title,
          [
            {
              action: before === null ? 'create' : 'update',
              filePath: path,
              content,
            },
          ],
          { startBranch: base, force: true },
        ),
      anything,
      signal,
    );
  }

  /** The text of a file; null where the branch has none. */
  async #read(
    project: string,
    path: string,
    branch: string,
    signal: AbortSignal,
  ): Promise<string | null> {
    try {
      const { content } = await this.#client.get(
        project,
        async api => api.repositoryFiles.show(project, path, branch),
        fileAnswer,
        signal,
      );
      return Buffer.from(content, 'base64').toString('utf8');
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'not-found') {
        return null;
      }
      throw error;
    }
  }
}
