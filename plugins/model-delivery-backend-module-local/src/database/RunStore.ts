import type {
  Evidence,
  JobStatus,
  RunKind,
  RunStatus,
  Step,
} from '@slipway/plugin-model-delivery-common';
import type { Page, PageRequest } from '@slipway/plugin-model-delivery-node';
import type { Knex } from 'knex';
import type { PlannedJob, RunPlan } from '../runner/graph';
import { decodeCursor, pageOf } from './cursor';

export interface RunRow {
  seq: number;
  id: string;
  repository: string;
  number: number;
  attempt: number;
  plan: RunPlan;
  kind: RunKind;
  trigger: string;
  status: RunStatus;
  reason: string | null;
  ref: string | null;
  commit: string;
  commit_message: string | null;
  author: string | null;
  priority: number;
  idempotency_key: string;
  model_version: string | null;
  version: string | null;
  subject_version: string | null;
  champion_version: string | null;
  cancelled_by: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}

export interface JobRow {
  run_id: string;
  id: string;
  position: number;
  definition: PlannedJob;
  status: JobStatus;
  reason: string | null;
  started_at: string | null;
  finished_at: string | null;
  steps: Step[];
}

export type NewRun = Omit<
  RunRow,
  | 'seq'
  | 'number'
  | 'version'
  | 'cancelled_by'
  | 'started_at'
  | 'finished_at'
  | 'model_version'
> & { number?: number };

export interface RunWithCounts extends RunRow {
  jobs_done: number;
  jobs_total: number;
}

const ENDED_JOB = [
  'passed',
  'rejected',
  'failed',
  'cancelled',
  'interrupted',
  'skipped',
];

const ENDED_WORDS: Partial<Record<RunStatus, string>> = {
  failed: 'failed',
  cancelled: 'was cancelled',
  interrupted: 'was interrupted',
};

/** How a run ended, and when. */
export interface RunEnd {
  status: RunStatus;
  reason: string | null;
  at: string;
}

async function endRun(
  trx: Knex,
  id: string,
  { status, reason, at }: RunEnd,
): Promise<void> {
  const jobs = await trx('local_job')
    .where({ run_id: id })
    .whereNotIn('status', ENDED_JOB);
  for (const job of jobs) {
    const began = job.status === 'running';
    const steps = (JSON.parse(job.steps) as Step[]).map(step =>
      step.status === 'running' ? { ...step, status, finishedAt: at } : step,
    );
    await trx('local_job')
      .where({ run_id: id, id: job.id })
      .update({
        status: began ? status : 'skipped',
        reason: began ? reason : `The run ${ENDED_WORDS[status]} before this.`,
        finished_at: began ? at : null,
        steps: JSON.stringify(steps),
      });
  }
  await trx('local_run')
    .where({ id })
    .update({ status, reason, finished_at: at });
}

/** Runs, their jobs and what they proved. */
export class RunStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Stores a run once.
   *
   * @returns the run with that idempotency key, new or not.
   */
  async create(run: NewRun): Promise<{ run: RunRow; created: boolean }> {
    return await this.#knex.transaction(async trx => {
      const existing = await trx<RunRow>('local_run')
        .where({ idempotency_key: run.idempotency_key })
        .first();
      if (existing) return { run: existing, created: false };
      const last = await trx('local_run')
        .where({ repository: run.repository })
        .max({ number: 'number' })
        .first();
      await trx('local_run').insert({
        ...run,
        number: run.number ?? Number(last?.number ?? 0) + 1,
      });
      const created = await trx<RunRow>('local_run')
        .where({ id: run.id })
        .first();
      return { run: created!, created: true };
    });
  }

  async get(id: string): Promise<RunRow | undefined> {
    return await this.#knex<RunRow>('local_run').where({ id }).first();
  }

  async getWithCounts(id: string): Promise<RunWithCounts | undefined> {
    const run = await this.get(id);
    return run && (await this.#withCounts([run]))[0];
  }

  /** Newest first. */
  async list(
    repository: string,
    page: PageRequest,
  ): Promise<Page<RunWithCounts>> {
    const rows = await this.#knex<RunRow>('local_run')
      .where({ repository })
      .modify(query => {
        if (page.cursor) query.where('seq', '<', decodeCursor(page.cursor));
      })
      .orderBy('seq', 'desc')
      .limit(page.limit + 1);
    return pageOf(await this.#withCounts(rows), page.limit, row => row);
  }

  /** In the order in which they should start. */
  async queued(): Promise<RunRow[]> {
    return await this.#knex<RunRow>('local_run')
      .where({ status: 'queued' })
      .orderBy([{ column: 'priority', order: 'desc' }, 'seq'])
      .limit(200);
  }

  async update(id: string, change: Partial<RunRow>): Promise<void> {
    await this.#knex('local_run').where({ id }).update(change);
  }

  /** Ends a run that still waits. @returns false where it no longer does. */
  async cancelQueued(id: string, by: string, at: string): Promise<boolean> {
    const count = await this.#knex('local_run')
      .where({ id, status: 'queued' })
      .update({
        status: 'cancelled',
        reason: `Cancelled by ${by}.`,
        cancelled_by: by,
        finished_at: at,
      });
    return count > 0;
  }

  /** Ends a run, with whatever of its jobs has not ended. */
  async end(id: string, end: RunEnd): Promise<void> {
    await this.#knex.transaction(trx => endRun(trx, id, end));
  }

  /**
   * Marks open runs as interrupted: the process that ran them has ended.
   *
   * @returns the runs this is true of.
   */
  async interruptRunning(at: string, reason: string): Promise<RunRow[]> {
    return await this.#knex.transaction(async trx => {
      const runs = await trx<RunRow>('local_run').where({ status: 'running' });
      const ids = runs.map(run => run.id);
      for (const id of ids) {
        await endRun(trx, id, { status: 'interrupted', reason, at });
      }
      return runs;
    });
  }

  async createJobs(runId: string, jobs: PlannedJob[]): Promise<void> {
    await this.#knex.transaction(async trx => {
      await trx('local_job').where({ run_id: runId }).delete();
      for (const [position, definition] of jobs.entries()) {
        await trx('local_job').insert({
          run_id: runId,
          id: definition.id,
          position,
          definition: JSON.stringify(definition),
          status: 'queued',
          steps: '[]',
        });
      }
    });
  }

  async jobs(runId: string): Promise<JobRow[]> {
    const rows = await this.#knex('local_job')
      .where({ run_id: runId })
      .orderBy('position');
    return rows.map(row => ({
      ...row,
      definition: JSON.parse(row.definition),
      steps: JSON.parse(row.steps),
    }));
  }

  async updateJob(
    runId: string,
    id: string,
    change: Partial<
      Pick<JobRow, 'status' | 'reason' | 'started_at' | 'finished_at' | 'steps'>
    >,
  ): Promise<void> {
    await this.#knex('local_job')
      .where({ run_id: runId, id })
      .update({
        ...change,
        ...(change.steps && { steps: JSON.stringify(change.steps) }),
      });
  }

  /** Stores evidence under its key: a later report of a run replaces the earlier. */
  async putEvidence(
    run: Pick<RunRow, 'id' | 'repository'>,
    version: string | null,
    items: Array<{ key: string; evidence: Evidence }>,
  ): Promise<void> {
    for (const { key, evidence } of items) {
      await this.#knex('local_evidence')
        .insert({
          run_id: run.id,
          key,
          repository: run.repository,
          version,
          body: JSON.stringify(evidence),
          at: evidence.at,
        })
        .onConflict(['run_id', 'key'])
        .merge();
    }
  }

  /** Says which version everything that a run proved is about. */
  async attachEvidence(runId: string, version: string): Promise<void> {
    await this.#knex('local_evidence')
      .where({ run_id: runId })
      .update({ version });
  }

  async runEvidence(runId: string): Promise<Evidence[]> {
    const rows = await this.#knex('local_evidence')
      .where({ run_id: runId })
      .orderBy('key');
    return rows.map(row => JSON.parse(row.body));
  }

  /** What is known of a version: of each kind the newest, where runs judged it again. */
  async versionEvidence(
    repository: string,
    version: string,
  ): Promise<Evidence[]> {
    const rows: Array<{ key: string; body: string; seq: number }> =
      await this.#knex('local_evidence')
        .join('local_run', 'local_run.id', 'local_evidence.run_id')
        .where({
          'local_evidence.repository': repository,
          'local_evidence.version': version,
        })
        .orderBy('local_run.seq')
        .select('local_evidence.key', 'local_evidence.body', 'local_run.seq');
    const newest = new Map(rows.map(row => [row.key, row.body]));
    return [...newest.keys()]
      .sort()
      .map(key => JSON.parse(newest.get(key)!) as Evidence);
  }

  /** Ids of ended runs that began before a time. */
  async endedBefore(time: string, limit: number): Promise<string[]> {
    const rows = await this.#knex<RunRow>('local_run')
      .whereNotNull('finished_at')
      .where('finished_at', '<', time)
      .orderBy('seq', 'desc')
      .limit(limit)
      .select('id');
    return rows.map(row => row.id);
  }

  async #withCounts(runs: RunRow[]): Promise<RunWithCounts[]> {
    if (runs.length === 0) return [];
    const counts: Array<{
      run_id: string;
      status: string;
      n: string | number;
    }> = await this.#knex('local_job')
      .whereIn(
        'run_id',
        runs.map(run => run.id),
      )
      .groupBy('run_id', 'status')
      .select('run_id', 'status')
      .count({ n: '*' });
    return runs.map(run => {
      const own = counts.filter(count => count.run_id === run.id);
      const sum = (some: typeof own) =>
        some.reduce((total, count) => total + Number(count.n), 0);
      return {
        ...run,
        jobs_total: sum(own),
        jobs_done: sum(own.filter(count => ENDED_JOB.includes(count.status))),
      };
    });
  }
}
