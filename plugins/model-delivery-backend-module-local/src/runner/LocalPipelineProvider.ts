import fs from 'node:fs/promises';
import type {
  Evidence,
  Job,
  LogChunk,
} from '@slipway/plugin-model-delivery-common';
import {
  type CommitAuthor,
  type DataSnapshot,
  type ModelTarget,
  type Page,
  type PageRequest,
  type PipelineProvider,
  type ProviderContext,
  ProviderError,
  type ProviderRun,
  type TriggerRequest,
} from '@slipway/plugin-model-delivery-node';
import type {
  JobRow,
  RunRow,
  RunStore,
  RunWithCounts,
} from '../database/RunStore';
import type { Repositories } from '../git/Repositories';
import type { Registry } from '../registry/Registry';
import type { StateFolder } from '../StateFolder';
import { PROVIDER_ID, PROVIDER_TITLE, repositoryOf } from '../targets';
import type { DataSnapshots } from './DataSnapshots';
import { readLogLines } from './logFormat';
import type { RunQueue } from './RunQueue';

interface Parts {
  state: StateFolder;
  runs: RunStore;
  repositories: Repositories;
  registry: Registry;
  queue: RunQueue;
  snapshots: DataSnapshots;
}

/** The runs of this machine, as the backend reads and drives them. */
export class LocalPipelineProvider implements PipelineProvider {
  readonly #parts: Parts;
  readonly id = PROVIDER_ID;
  readonly title = PROVIDER_TITLE;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async listRuns(
    model: ModelTarget,
    page: PageRequest,
    { signal }: ProviderContext,
  ): Promise<Page<ProviderRun>> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.repositories.assertExists(repository);
    const { items, nextCursor } = await this.#parts.runs.list(repository, page);
    const runs = await Promise.all(
      items.map(async run => ({
        ...toRun(run),
        reason:
          run.finished_at === null
            ? await this.#parts.queue.waitOf(run)
            : run.reason,
      })),
    );
    return { items: runs, ...(nextCursor && { nextCursor }) };
  }

  async getJobs(
    model: ModelTarget,
    runId: string,
    { signal }: ProviderContext,
  ): Promise<Job[]> {
    signal.throwIfAborted();
    const run = await this.#find(model, runId);
    return (await this.#parts.runs.jobs(run.id)).map(toJob);
  }

  async getEvidence(
    model: ModelTarget,
    runId: string,
    { signal }: ProviderContext,
  ): Promise<Evidence[]> {
    signal.throwIfAborted();
    const run = await this.#find(model, runId);
    return await this.#parts.runs.runEvidence(run.id);
  }

  async readLog(
    model: ModelTarget,
    runId: string,
    jobId: string,
    range: { after: number; limit: number },
    { signal }: ProviderContext,
  ): Promise<LogChunk> {
    signal.throwIfAborted();
    const run = await this.#find(model, runId);
    const job = (await this.#parts.runs.jobs(run.id)).find(
      ({ id }) => id === jobId,
    );
    if (!job) {
      throw new ProviderError(
        'not-found',
        `Run ${run.number} has no job ${JSON.stringify(jobId.slice(0, 100))}.`,
      );
    }
    // Read before the log: what is written in between is then not missed.
    const ended = job.status !== 'queued' && job.status !== 'running';
    const file = this.#parts.state.run(run.id).log(job.id);
    const text = await fs
      .readFile(file, { encoding: 'utf8', signal })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
    return readLogLines(text, range, ended);
  }

  async trigger(
    model: ModelTarget,
    request: TriggerRequest & { key: string; reason: string; by: string },
    { signal }: ProviderContext,
  ): Promise<{ runId: string }> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.repositories.assertExists(repository);
    const key = `trigger:${repository}:${request.key}`;
    if (request.kind === 'training') {
      const run = await this.#parts.queue.train(repository, request.ref, {
        key,
        trigger: 'manual',
      });
      return { runId: run.id };
    }
    const { version } = await this.#parts.registry.get(
      repository,
      request.version,
    );
    if (request.champion) {
      const champion = await this.#parts.registry.get(
        repository,
        request.champion.version,
      );
      if (
        request.champion.digest &&
        champion.version.digest !== request.champion.digest
      ) {
        throw new ProviderError(
          'bad-data',
          `${request.champion.version} has the digest ${champion.version.digest} here, not ${request.champion.digest}.`,
        );
      }
    }
    const run = await this.#parts.queue.evaluate(
      repository,
      { version: version.version, commit: version.commit! },
      request.champion?.version ?? null,
      key,
    );
    return { runId: run.id };
  }

  async snapshotData(
    model: ModelTarget,
    request: { ref: string },
    { signal }: ProviderContext,
  ): Promise<DataSnapshot> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.repositories.assertExists(repository);
    return this.#parts.snapshots.take(repository, request.ref);
  }

  async rerun(
    model: ModelTarget,
    runId: string,
    request: { key: string; by: string },
    { signal }: ProviderContext,
  ): Promise<{ runId: string }> {
    signal.throwIfAborted();
    const run = await this.#find(model, runId);
    const again = await this.#parts.queue.rerun(
      run,
      `rerun:${run.repository}:${request.key}`,
    );
    return { runId: again.id };
  }

  async cancel(
    model: ModelTarget,
    runId: string,
    request: { by: string },
    { signal }: ProviderContext,
  ): Promise<void> {
    signal.throwIfAborted();
    await this.#parts.queue.cancel(await this.#find(model, runId), request.by);
  }

  async authors(
    model: ModelTarget,
    range: { from: string | null; to: string },
    { signal }: ProviderContext,
  ): Promise<CommitAuthor[]> {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    const { repositories } = this.#parts;
    await repositories.assertExists(repository);
    for (const commit of [range.from, range.to]) {
      if (commit && !(await repositories.resolve(repository, commit))) {
        throw new ProviderError(
          'not-found',
          `The repository ${repository} has no commit ${commit}.`,
        );
      }
    }
    return repositories.authors(repository, range);
  }

  async repository(model: ModelTarget, { signal }: ProviderContext) {
    signal.throwIfAborted();
    const repository = repositoryOf(model);
    await this.#parts.repositories.assertExists(repository);
    return { cloneUrl: this.#parts.repositories.path(repository), url: null };
  }

  async #find(model: ModelTarget, runId: string): Promise<RunRow> {
    const run = await this.#parts.runs.get(runId);
    if (!run || run.repository !== repositoryOf(model)) {
      throw new ProviderError(
        'not-found',
        `${model.entityRef} has no run ${JSON.stringify(runId.slice(0, 100))}.`,
      );
    }
    return run;
  }
}

function toRun(run: RunWithCounts): ProviderRun {
  return {
    id: run.id,
    number: run.number,
    attempt: run.attempt,
    kind: run.kind,
    status: run.status,
    reason: run.reason,
    branch: run.ref?.replace(/^refs\/heads\//, '') ?? null,
    commit: run.commit,
    commitMessage: run.commit_message,
    author: run.author,
    trigger: run.trigger,
    createdAt: run.created_at,
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    jobsDone: run.jobs_done,
    jobsTotal: run.jobs_total,
    version: run.version,
    url: null,
  };
}

function toJob(job: JobRow): Job {
  return {
    id: job.id,
    name: job.definition.name,
    group: job.definition.group,
    status: job.status,
    reason: job.reason,
    needs: job.definition.needs,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
    steps: job.steps,
    url: null,
  };
}
