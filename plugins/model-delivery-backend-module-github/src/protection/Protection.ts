import {
  type AskingRun,
  ProviderError,
  type RunAnswer,
} from '@slipway/plugin-model-delivery-node';
import { anything } from '../answers/repositories';
import type { GithubClient } from '../client/GithubClient';
import { endOf, type Records, runOf } from '../deployments/Records';
import type { RunReader } from '../pipelines/RunReader';
import type { DeploymentTarget } from '../targets';

const ANSWER =
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule';
/** By which the catalog's User entities name their account. */
const LOGIN_ANNOTATION = 'github.com/user-login';
/** Events whose inputs choose what a run does; the API does not tell them. */
const WITH_INPUTS = ['workflow_dispatch', 'repository_dispatch'];
/** What GitHub takes of a comment. */
const MAX_COMMENT = 1_024;
/** The newest deployments to an environment, among which the one of a run is looked for. */
const LOOKED_AT = 5;
/** An order that was not started for longer is given up by the backend. */
const STARTS_WITHIN_MS = 15 * 60_000;

/** Reads and answers runs that wait for the custom deployment protection rule of this App. */
export class Protection {
  readonly #client: GithubClient;
  readonly #records: Records;
  readonly #runs: RunReader;
  readonly #now: () => number;

  constructor(options: {
    client: GithubClient;
    records: Records;
    runs: RunReader;
    now: () => number;
  }) {
    this.#client = options.client;
    this.#records = options.records;
    this.#runs = options.runs;
    this.#now = options.now;
  }

  /** @throws ProviderError */
  async read(
    target: DeploymentTarget,
    id: number,
    signal: AbortSignal,
  ): Promise<AskingRun> {
    const run = await this.#runs.latest(target, id, signal);
    const login = (run.triggering_actor ?? run.actor)?.login;
    return {
      commit: run.head_sha || null,
      ref: run.head_branch,
      titleOfInputs: WITH_INPUTS.includes(run.event)
        ? (run.display_title ?? '')
        : null,
      startedBy: login ? { name: login, annotation: LOGIN_ANNOTATION } : null,
      url: this.#client.link(target, `/actions/runs/${id}`),
      isOpen: run.status !== 'completed',
      deploymentId: await this.#deploymentOf(target, id, signal),
    };
  }

  /** @throws ProviderError */
  async answer(
    target: DeploymentTarget,
    id: number,
    { state, comment }: RunAnswer,
    signal: AbortSignal,
  ): Promise<void> {
    const { owner, repo, environment } = target;
    try {
      await this.#client.act(
        { owner, repo },
        ANSWER,
        {
          run_id: id,
          environment_name: environment,
          ...(state !== 'pending' && { state }),
          comment: shortened(comment),
        },
        anything,
        signal,
      );
    } catch (error) {
      if (!isRefused(error)) throw error;
      // Answered before, or ended meanwhile: GitHub then has nothing that could be answered.
      const { status } = await this.#runs.latest(target, id, signal);
      if (status === 'waiting') throw error;
    }
  }

  /** The deployment of Slipway that a run carries out, as the records on GitHub say. */
  async #deploymentOf(
    target: DeploymentTarget,
    id: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    const known = await this.#records.ofEnvironment(
      target,
      target.environment,
      signal,
    );
    const ours = known.filter(({ payload }) => payload.slipway_deployment);
    let isStarting = false;
    for (const record of ours.slice(0, LOOKED_AT)) {
      const statuses = await this.#records.statuses(target, record.id, signal);
      const run = runOf(statuses);
      if (run === id) return record.payload.slipway_deployment;
      const ageMs = this.#now() - Date.parse(record.created_at);
      isStarting ||=
        run === null && !endOf(statuses) && ageMs < STARTS_WITHIN_MS;
    }
    if (isStarting) {
      throw new ProviderError(
        'unavailable',
        `A deployment to ${target.environment} starts its run just now; it is known soon which run that is.`,
      );
    }
    return null;
  }
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    ['bad-data', 'not-found'].includes(error.kind)
  );
}

function shortened(comment: string): string {
  return comment.length <= MAX_COMMENT
    ? comment
    : `${comment.slice(0, MAX_COMMENT - 1)}…`;
}
