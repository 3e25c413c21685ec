import {
  deployment as deploymentAnswer,
  deployments as deploymentsAnswer,
  type GithubDeployment,
  type GithubStatus,
  status as statusAnswer,
  statuses as statusesAnswer,
} from '../answers/deployments';
import type { GithubClient } from '../client/GithubClient';
import type { DeploymentTarget, Repository } from '../targets';

const DEPLOYMENTS = '/repos/{owner}/{repo}/deployments';
const STATUSES = `${DEPLOYMENTS}/{deployment_id}/statuses`;
const MAX_DESCRIPTION = 140;
const RECENT = 30;

/** How GitHub finds one of ours among all deployments, without reading them. */
const taskOf = (deploymentId: string) => `slipway:${deploymentId}`;

export interface NewStatus {
  state: 'pending' | 'queued' | 'success' | 'failure' | 'error';
  description: string;
  logUrl?: string;
}

/**
 * Slipway's deployments as GitHub's own: GitHub is the memory, so whichever process comes next
 * finds what was begun, and people see it on the repository's page.
 */
export class Records {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  /** The first that was made for this id; null where there is none. */
  async find(
    { owner, repo }: Repository,
    deploymentId: string,
    signal: AbortSignal,
  ): Promise<GithubDeployment | null> {
    const found = await this.#client.get(
      { owner, repo },
      DEPLOYMENTS,
      { task: taskOf(deploymentId), per_page: RECENT },
      deploymentsAnswer,
      signal,
    );
    const ours = found.filter(
      ({ payload }) => payload.slipway_deployment === deploymentId,
    );
    return ours.sort((a, b) => a.id - b.id)[0] ?? null;
  }

  /** The newest first. */
  async ofEnvironment(
    { owner, repo }: Repository,
    environment: string,
    signal: AbortSignal,
  ): Promise<GithubDeployment[]> {
    const found = await this.#client.get(
      { owner, repo },
      DEPLOYMENTS,
      { environment, per_page: RECENT },
      deploymentsAnswer,
      signal,
    );
    return found.sort((a, b) => b.id - a.id);
  }

  async create(
    { owner, repo, environment }: DeploymentTarget,
    made: {
      deploymentId: string;
      version: string;
      digest: string | null;
      ref: string;
    },
    signal: AbortSignal,
  ): Promise<GithubDeployment> {
    return this.#client.act(
      { owner, repo },
      `POST ${DEPLOYMENTS}`,
      {
        ref: made.ref,
        task: taskOf(made.deploymentId),
        environment,
        auto_merge: false,
        required_contexts: [],
        description: `Version ${made.version}, by Slipway`.slice(
          0,
          MAX_DESCRIPTION,
        ),
        payload: {
          slipway_deployment: made.deploymentId,
          version: made.version,
          digest: made.digest,
        },
      },
      deploymentAnswer,
      signal,
    );
  }

  /** The newest first. */
  async statuses(
    { owner, repo }: Repository,
    id: number,
    signal: AbortSignal,
  ): Promise<GithubStatus[]> {
    const found = await this.#client.get(
      { owner, repo },
      STATUSES,
      { deployment_id: id, per_page: 100 },
      statusesAnswer,
      signal,
    );
    return found.sort((a, b) => b.id - a.id);
  }

  async addStatus(
    { owner, repo }: Repository,
    id: number,
    { state, description, logUrl }: NewStatus,
    signal: AbortSignal,
  ): Promise<GithubStatus> {
    return this.#client.act(
      { owner, repo },
      `POST ${STATUSES}`,
      {
        deployment_id: id,
        state,
        description: description.slice(0, MAX_DESCRIPTION),
        ...(logUrl && { log_url: logUrl }),
      },
      statusAnswer,
      signal,
    );
  }
}

/** The run that carries a deployment out, as its statuses link to it. */
export function runOf(statuses: GithubStatus[]): number | null {
  for (const { log_url: url } of statuses) {
    const match = /\/actions\/runs\/([1-9]\d{0,15})(?:$|[/?#])/.exec(url);
    if (match) return Number(match[1]);
  }
  return null;
}

/** How a deployment of ours ended; null while it has not. A later one makes a live one inactive. */
export function endOf(statuses: GithubStatus[]): GithubStatus | null {
  const ended = statuses.filter(({ state }) =>
    ['success', 'failure', 'error'].includes(state),
  );
  return ended.at(-1) ?? null;
}
