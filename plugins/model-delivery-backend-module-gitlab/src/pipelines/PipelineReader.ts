import type {
  Page,
  PageRequest,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import { LRUCache } from 'lru-cache';
import {
  type GitlabJob,
  type GitlabPipeline,
  job as jobAnswer,
  jobs as jobsAnswer,
  pipeline as pipelineAnswer,
  pipelines as pipelinesAnswer,
} from '../answers/pipelines';
import type { GitlabClient } from '../client/GitlabClient';
import { type PipelineTarget, subjectOf } from '../targets';
import { type Position, readCursor, writeCursor } from './cursor';
import { tellRun } from './tellRun';

const RUNS_AT_ONCE = 10;
const JOBS_AT_ONCE = 100;
const MOST_JOB_PAGES = 5;
/** Pages that are walked to find the place where a list goes on. */
const MOST_PAGES = 20;
const REMEMBERED = 20_000;
const UNDER_WAY = ['queued', 'running', 'waiting'];

/** Reads pipelines and their jobs. */
export class PipelineReader {
  readonly #client: GitlabClient;
  readonly #host: string;
  readonly #onLook: (subject: string, busy: boolean) => void;
  /** Of pipelines that have ended, by when they last changed. */
  readonly #told = new LRUCache<string, ProviderRun>({ max: REMEMBERED });

  constructor(
    client: GitlabClient,
    host: string,
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
    const { found, more } = await this.#after(target, after, take, signal);
    const items = await Promise.all(
      found.map(async one => this.#tell(target.project, one, signal)),
    );
    if (after === null) {
      const busy = items.some(({ status }) => UNDER_WAY.includes(status));
      this.#onLook(subjectOf(this.#host, target.project), busy);
    }
    const last = found.at(-1);
    return last && more
      ? { items, nextCursor: writeCursor({ id: last.id, page: last.page }) }
      : { items };
  }

  /** One run as it is now. @throws ProviderError `not-found` */
  async run(
    project: string,
    id: number,
    signal: AbortSignal,
  ): Promise<ProviderRun> {
    const [pipeline, jobs] = await Promise.all([
      this.pipeline(project, id, signal),
      this.jobs(project, id, signal),
    ]);
    return tellRun(pipeline, jobs);
  }

  /** @throws ProviderError `not-found` */
  async pipeline(
    project: string,
    id: number,
    signal: AbortSignal,
  ): Promise<GitlabPipeline> {
    return this.#client.get(
      project,
      async api => api.pipelines.show(project, id),
      pipelineAnswer,
      signal,
    );
  }

  /** With those that were retried. @throws ProviderError `not-found` */
  async jobs(
    project: string,
    pipelineId: number,
    signal: AbortSignal,
  ): Promise<GitlabJob[]> {
    const found: GitlabJob[] = [];
    for (let page = 1; page <= MOST_JOB_PAGES; page += 1) {
      const answer = await this.#client.get(
        project,
        async api =>
          api.jobs.all(project, {
            pipelineId,
            includeRetried: true,
            perPage: JOBS_AT_ONCE,
            page,
          }),
        jobsAnswer,
        signal,
      );
      found.push(...answer);
      if (answer.length < JOBS_AT_ONCE) break;
    }
    return found;
  }

  /** @throws ProviderError `not-found` */
  async job(
    project: string,
    id: number,
    signal: AbortSignal,
  ): Promise<GitlabJob> {
    return this.#client.get(
      project,
      async api => api.jobs.show(project, id),
      jobAnswer,
      signal,
    );
  }

  async #tell(
    project: string,
    { id, updated_at: at }: { id: number; updated_at: string },
    signal: AbortSignal,
  ): Promise<ProviderRun> {
    const key = `${project} ${id} ${at}`;
    const known = this.#told.get(key);
    if (known) return known;
    const run = await this.run(project, id, signal);
    if (!UNDER_WAY.includes(run.status)) this.#told.set(key, run);
    return run;
  }

  /**
   * The pipelines after a place, the newest first. New ones move the place to later pages of GitLab's,
   * and deleted ones to earlier pages.
   */
  async #after(
    { project, ref }: PipelineTarget,
    after: Position | null,
    take: number,
    signal: AbortSignal,
  ) {
    const perPage = RUNS_AT_ONCE + 1;
    const found: { id: number; updated_at: string; page: number }[] = [];
    let page = after?.page ?? 1;
    let passed = !after || page === 1;
    for (let walked = 0; walked < MOST_PAGES; walked += 1) {
      const at = page;
      const answer = await this.#client.get(
        project,
        async api =>
          api.pipelines.all(project, {
            ...(ref !== null && { ref }),
            orderBy: 'id',
            sort: 'desc',
            perPage,
            page: at,
          }),
        pipelinesAnswer,
        signal,
      );
      passed ||= page === 1 || (answer[0]?.id ?? 0) >= after!.id;
      if (!passed) {
        page -= 1;
        continue;
      }
      for (const { id, updated_at } of answer) {
        if (!after || id < after.id) found.push({ id, updated_at, page });
      }
      if (found.length > take || answer.length < perPage) break;
      page += 1;
    }
    return { found: found.slice(0, take), more: found.length > take };
  }
}
