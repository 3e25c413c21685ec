import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { KeyedOnce } from '@slipway/plugin-model-delivery-node/http';
import {
  dispatched,
  type GithubRun,
  runs as runsAnswer,
} from '../answers/runs';
import {
  file as fileAnswer,
  repository as repositoryAnswer,
} from '../answers/repositories';
import type { GithubClient } from '../client/GithubClient';
import type { Repository } from '../targets';
import { declaredInputs } from './declaredInputs';

/** Takes the key of what started the run, so that the run can be found by it. */
export const KEY_INPUT = 'slipway_key';

const RECENT = 30;
/** Until a server that does not tell the run shows it in its list. */
const LOOKS = 15;
const LOOK_MS = 1_000;

export interface DispatchRequest {
  /** The file. */
  workflow: string;
  /** Null for the default branch. */
  ref: string | null;
  /** The same key starts one run. */
  key: string;
  /** Those that the workflow does not declare are left out. */
  inputs: Record<string, string>;
  /** Without these it would not know what to do. */
  needed: string[];
}

/** Starts workflows by hand. */
export class Workflows {
  readonly #client: GithubClient;
  readonly #lookMs: number;
  readonly #once = new KeyedOnce<number>();
  /** Started, and not found yet: not started again, only looked for. */
  readonly #started = new Map<string, number[]>();

  constructor(client: GithubClient, lookMs = LOOK_MS) {
    this.#client = client;
    this.#lookMs = lookMs;
  }

  /**
   * Starts a run, once for each key: as long as this process remembers it, and beyond where the
   * workflow takes the input `slipway_key` and its run-name shows it.
   *
   * @returns the id of the run.
   */
  async dispatch(
    repository: Repository,
    request: DispatchRequest,
    signal: AbortSignal,
  ): Promise<number> {
    const { owner, repo } = repository;
    const key = [owner, repo, request.workflow, request.key].join('/');
    return this.#once.do(key, async () =>
      this.#dispatch({ owner, repo }, request, key, signal),
    );
  }

  async defaultBranch(
    { owner, repo }: Repository,
    signal: AbortSignal,
  ): Promise<string> {
    const found = await this.#client.get(
      { owner, repo },
      '/repos/{owner}/{repo}',
      {},
      repositoryAnswer,
      signal,
    );
    return found.default_branch;
  }

  /**
   * The run that was started by hand at or after a time, where there is just one or one shows the
   * key. Null where there is none, so that it can be started.
   *
   * @throws ProviderError where there are several and none shows the key.
   */
  async startedSince(
    repository: Repository,
    of: Pick<DispatchRequest, 'workflow' | 'key'> & { since: string },
    signal: AbortSignal,
  ): Promise<number | null> {
    const since = new Date(of.since).toISOString();
    const recent = await this.#recent(repository, of.workflow, signal);
    const fresh = recent.filter(run => run.created_at >= since);
    const named = fresh.find(shows(of.key));
    if (named) return named.id;
    if (fresh.length > 1) throw ambiguous(of.workflow);
    return fresh[0]?.id ?? null;
  }

  async #dispatch(
    repository: Repository,
    request: DispatchRequest,
    memory: string,
    signal: AbortSignal,
  ): Promise<number> {
    const ref = request.ref ?? (await this.defaultBranch(repository, signal));
    const before = await this.#recent(repository, request.workflow, signal);
    const already = before.find(shows(request.key));
    if (already) return already.id;
    const started = this.#started.get(memory);
    if (started)
      return this.#await(repository, request, ref, started, memory, signal);

    const inputs = await this.#inputs(repository, request, ref, signal);
    const id = await this.#client.act(
      repository,
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      {
        workflow_id: request.workflow,
        ref,
        inputs,
        return_run_details: true,
      },
      dispatched,
      signal,
    );
    if (id) return id.workflow_run_id;
    const known = before.map(run => run.id);
    this.#started.set(memory, known);
    return this.#await(repository, request, ref, known, memory, signal);
  }

  /** For servers that start a run and do not say which. */
  async #await(
    repository: Repository,
    request: DispatchRequest,
    ref: string,
    before: number[],
    memory: string,
    signal: AbortSignal,
  ): Promise<number> {
    const newest = Math.max(0, ...before);
    for (let look = 0; look < LOOKS; look += 1) {
      await sleep(this.#lookMs, undefined, { signal });
      const recent = await this.#recent(repository, request.workflow, signal);
      const fresh = recent.filter(
        run => run.id > newest && run.head_branch === ref,
      );
      const named = fresh.find(shows(request.key));
      if (named || fresh.length === 1) {
        this.#started.delete(memory);
        return (named ?? fresh[0]).id;
      }
      if (fresh.length > 1) break;
    }
    throw ambiguous(request.workflow);
  }

  async #recent(
    { owner, repo }: Repository,
    workflow: string,
    signal: AbortSignal,
  ): Promise<GithubRun[]> {
    const { workflow_runs: found } = await this.#client.get(
      { owner, repo },
      '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
      {
        workflow_id: workflow,
        event: 'workflow_dispatch',
        exclude_pull_requests: true,
        per_page: RECENT,
      },
      runsAnswer,
      signal,
    );
    return found;
  }

  /** GitHub refuses inputs that a workflow does not declare, so only those that it does are sent. */
  async #inputs(
    repository: Repository,
    { workflow, key, inputs, needed }: DispatchRequest,
    ref: string,
    signal: AbortSignal,
  ): Promise<Record<string, string>> {
    const all = { ...inputs, [KEY_INPUT]: key };
    const declared = await this.#declared(repository, workflow, ref, signal);
    if (!declared) return inputs;
    const lacking = needed.filter(name => !declared.includes(name));
    if (lacking.length > 0) {
      throw new ProviderError(
        'bad-data',
        `${workflow} of ${repository.owner}/${repository.repo} does not take the input${
          lacking.length > 1 ? 's' : ''
        } ${lacking.join(', ')}; declare ${
          lacking.length > 1 ? 'them' : 'it'
        } below on.workflow_dispatch.inputs.`,
      );
    }
    return Object.fromEntries(
      Object.entries(all).filter(([name]) => declared.includes(name)),
    );
  }

  async #declared(
    { owner, repo }: Repository,
    workflow: string,
    ref: string,
    signal: AbortSignal,
  ): Promise<string[] | undefined> {
    try {
      const { content } = await this.#client.get(
        { owner, repo },
        '/repos/{owner}/{repo}/contents/{path}',
        { path: `.github/workflows/${workflow}`, ref },
        fileAnswer,
        signal,
      );
      return declaredInputs(Buffer.from(content, 'base64').toString('utf8'));
    } catch (error) {
      const kind = error instanceof ProviderError ? error.kind : undefined;
      // GitHub itself says what is wrong with a branch or a file that is not there.
      if (kind === 'not-found' || kind === 'forbidden') return undefined;
      throw error;
    }
  }
}

function ambiguous(workflow: string): ProviderError {
  return new ProviderError(
    'unavailable',
    `${workflow} was started, but its run cannot be identified. Let the workflow take the input ${KEY_INPUT} and show it in its run-name.`,
  );
}

function shows(key: string): (run: GithubRun) => boolean {
  return run => (run.display_title ?? '').includes(key);
}
