import type {
  Page,
  PageRequest,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { LRUCache } from 'lru-cache';
import {
  type GithubJob,
  type GithubRun,
  jobs as jobsAnswer,
  pendingDeployments,
  run as runAnswer,
  runs as runsAnswer,
} from '../answers/runs';
import type { GithubClient } from '../client/GithubClient';
import { type PipelineTarget, type Repository, subjectOf } from '../targets';
import { attemptsAfter, readCursor, writeCursor } from './cursor';
import type { Attempt } from './runIds';
import { countJobs, type JobCounts, type Observed, tellRun } from './tellRun';
import { tellWaiting, type Waiting } from './waiting';

/** Of one answer: what is kept of it for thousands of repositories stays small. */
const RUNS_AT_ONCE = 10;
const JOBS_AT_ONCE = 100;
/** A matrix has at most 256 jobs. */
const MOST_JOB_PAGES = 5;
/** Runs begun in one second. */
const MOST_PAGES_OF_A_SECOND = 10;
const REMEMBERED = 100_000;

const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}';

/** Reads runs and their attempts. */
export class RunReader {
  readonly #client: GithubClient;
  readonly #host: string;
  readonly #onLook: (subject: string, busy: boolean) => void;
  /** Of attempts that have ended: they never change. */
  readonly #counts = new LRUCache<string, JobCounts>({ max: REMEMBERED });
  readonly #latest = new LRUCache<number, number>({ max: REMEMBERED });

  constructor(
    client: GithubClient,
    host: string,
    /** Told of every look at a repository. */
    onLook: (subject: string, busy: boolean) => void,
  ) {
    this.#client = client;
    this.#host = host;
    this.#onLook = onLook;
  }

  async list(
    target: PipelineTarget,
    { cursor, limit }: PageRequest,
    signal: AbortSignal,
  ): Promise<Page<ProviderRun>> {
    const after = cursor === undefined ? null : readCursor(cursor);
    const take = Math.min(limit, RUNS_AT_ONCE);
    const perPage = take + (after ? 2 : 1);
    const attempts: (Attempt & { run: GithubRun })[] = [];
    for (let page = 1; page <= MOST_PAGES_OF_A_SECOND; page += 1) {
      const answer = await this.#page(
        target,
        {
          per_page: perPage,
          page,
          ...(after && { created: `<=${after.createdAt.slice(0, 19)}Z` }),
        },
        signal,
      );
      for (const run of answer) {
        this.#latest.set(run.id, run.run_attempt);
        for (const attempt of attemptsAfter(run, after)) {
          attempts.push({ id: run.id, attempt, run });
        }
      }
      if (attempts.length > take || answer.length < perPage) break;
    }
    const taken = attempts.slice(0, take);
    const items = await Promise.all(
      taken.map(async ({ attempt, run }) =>
        this.tell(
          target,
          attempt === run.run_attempt
            ? run
            : {
                // Its place in the list is that of the run.
                ...(await this.attempt(
                  target,
                  { id: run.id, attempt },
                  signal,
                )),
                created_at: run.created_at,
              },
          signal,
        ),
      ),
    );
    if (!cursor) {
      const busy = items.some(({ status }) =>
        ['queued', 'running', 'waiting'].includes(status),
      );
      this.#onLook(subjectOf(this.#host, target), busy);
    }
    const last = taken.at(-1);
    return last && attempts.length > take
      ? {
          items,
          nextCursor: writeCursor({
            createdAt: last.run.created_at,
            id: last.id,
            attempt: last.attempt,
          }),
        }
      : { items };
  }

  /** One attempt with how many of its jobs have ended, and for whom it waits. */
  async tell(
    of: Repository,
    run: GithubRun,
    signal: AbortSignal,
  ): Promise<ProviderRun> {
    return tellRun(run, await this.observe(of, run, signal));
  }

  /** What is to be known of an attempt besides its own fields. */
  async observe(
    of: Repository,
    run: GithubRun,
    signal: AbortSignal,
  ): Promise<Observed> {
    const [counts, waiting] = await Promise.all([
      this.#countJobs(of, run, signal),
      run.status === 'waiting' ? this.#waitsFor(of, run.id, signal) : null,
    ]);
    return { counts, waiting };
  }

  /** @throws ProviderError `not-found` */
  async attempt(
    { owner, repo }: Repository,
    { id, attempt }: Attempt,
    signal: AbortSignal,
  ): Promise<GithubRun> {
    return this.#client.get(
      { owner, repo },
      `${RUN}/attempts/{attempt_number}`,
      { run_id: id, attempt_number: attempt, exclude_pull_requests: true },
      runAnswer,
      signal,
    );
  }

  /** The newest attempt. @throws ProviderError `not-found` */
  async latest(
    { owner, repo }: Repository,
    id: number,
    signal: AbortSignal,
  ): Promise<GithubRun> {
    const run = await this.#client.get(
      { owner, repo },
      RUN,
      { run_id: id, exclude_pull_requests: true },
      runAnswer,
      signal,
    );
    this.#latest.set(id, run.run_attempt);
    return run;
  }

  /** How many attempts the run had when it was last read. */
  async attempts(
    of: Repository,
    id: number,
    signal: AbortSignal,
  ): Promise<number> {
    return (
      this.#latest.get(id) ?? (await this.latest(of, id, signal)).run_attempt
    );
  }

  /** @throws ProviderError `not-found` */
  async jobs(
    { owner, repo }: Repository,
    { id, attempt }: Attempt,
    signal: AbortSignal,
  ): Promise<GithubJob[]> {
    const found: GithubJob[] = [];
    for (let page = 1; page <= MOST_JOB_PAGES; page += 1) {
      const answer = await this.#client.get(
        { owner, repo },
        `${RUN}/attempts/{attempt_number}/jobs`,
        { run_id: id, attempt_number: attempt, per_page: JOBS_AT_ONCE, page },
        jobsAnswer,
        signal,
      );
      found.push(...answer.jobs);
      if (answer.jobs.length < JOBS_AT_ONCE) break;
    }
    return found;
  }

  async #waitsFor(
    { owner, repo }: Repository,
    id: number,
    signal: AbortSignal,
  ): Promise<Waiting> {
    return tellWaiting(
      await this.#client.get(
        { owner, repo },
        `${RUN}/pending_deployments`,
        { run_id: id },
        pendingDeployments,
        signal,
      ),
    );
  }

  async #page(
    { owner, repo, workflow }: PipelineTarget,
    query: Record<string, string | number>,
    signal: AbortSignal,
  ): Promise<GithubRun[]> {
    const answer = await this.#client.get(
      { owner, repo },
      workflow === null
        ? '/repos/{owner}/{repo}/actions/runs'
        : '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
      {
        ...(workflow !== null && { workflow_id: workflow }),
        exclude_pull_requests: true,
        ...query,
      },
      runsAnswer,
      signal,
    );
    return answer.workflow_runs;
  }

  async #countJobs(
    of: Repository,
    run: GithubRun,
    signal: AbortSignal,
  ): Promise<JobCounts> {
    const key = `${run.id}.${run.run_attempt}`;
    const known = this.#counts.get(key);
    if (known && run.status === 'completed') return known;
    const counts = countJobs(
      await this.jobs(of, { id: run.id, attempt: run.run_attempt }, signal),
    );
    const ended = run.status === 'completed' && counts.done === counts.total;
    if (ended) this.#counts.set(key, counts);
    return counts;
  }
}
