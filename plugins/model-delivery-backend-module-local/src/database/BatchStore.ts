import type { BatchRunStatus } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import type { EnvironmentRow } from './DeploymentStore';

const OPEN: BatchRunStatus[] = ['queued', 'running'];
/** A run that ends the portal each time would else end it for ever. */
const MOST_INTERRUPTIONS = 5;

/** One run of the batch job of an environment. */
export interface BatchRunRow {
  seq: number;
  id: string;
  environment_key: string;
  deployment_id: string;
  version: string;
  /** The time of the schedule that it is for. */
  due_at: string;
  status: BatchRunStatus;
  started_at: string | null;
  finished_at: string | null;
  rows_in: number | null;
  rows_out: number | null;
  rejected: number | null;
  message: string | null;
  /** JSON of the last lines that it printed. */
  log: string;
}

export type BatchRunEnd = Pick<
  BatchRunRow,
  'message' | 'rows_in' | 'rows_out' | 'rejected' | 'log'
> & { status: 'passed' | 'failed'; finished_at: string };

/** When batch jobs are due, and their runs. Times are RFC 3339 in UTC, which sort as they are. */
export class BatchStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The environments whose job is due, the longest due first. */
  async due(at: string): Promise<EnvironmentRow[]> {
    return await this.#knex<EnvironmentRow>('local_environment')
      .where('next_due_at', '<=', at)
      .orderBy('next_due_at');
  }

  /** When the next job is due after a time; undefined where none is planned. */
  async nextDueAfter(at: string): Promise<string | undefined> {
    const row = await this.#knex<EnvironmentRow>('local_environment')
      .where('next_due_at', '>', at)
      .orderBy('next_due_at')
      .first('next_due_at');
    return row?.next_due_at ?? undefined;
  }

  /**
   * Begins the run that is due and plans the next one. @returns false where another version went live or
   * the schedule changed meanwhile.
   */
  async begin(
    due: EnvironmentRow,
    id: string,
    nextDueAt: string,
  ): Promise<boolean> {
    const { key, deployment_id, next_due_at, batch, version } = due;
    return await this.#knex.transaction(async trx => {
      const count = await trx('local_environment')
        .where({ key, deployment_id, next_due_at, batch })
        .update({ next_due_at: nextDueAt });
      if (count === 0) return false;
      await trx('local_batch_run').insert({
        id,
        environment_key: key,
        deployment_id,
        version,
        due_at: next_due_at,
        status: 'queued',
        log: '[]',
      });
      return true;
    });
  }

  async started(id: string, at: string): Promise<void> {
    await this.#knex('local_batch_run')
      .where({ id, status: 'queued' })
      .update({ status: 'running', started_at: at });
  }

  /** Ends a run that has not ended. */
  async end(id: string, end: BatchRunEnd): Promise<void> {
    await this.#knex('local_batch_run')
      .where({ id })
      .whereIn('status', OPEN)
      .update(end);
  }

  /**
   * Ends a run that did not come to its end, and makes it due again where its environment still has a
   * job. One that is interrupted again and again fails instead.
   */
  async interrupt(
    run: Pick<BatchRunRow, 'id' | 'environment_key' | 'due_at'>,
    at: string,
    reason: string,
  ): Promise<void> {
    const { id, environment_key, due_at } = run;
    await this.#knex.transaction(async trx => {
      const before = await trx('local_batch_run')
        .where({ environment_key, due_at, status: 'interrupted' })
        .count({ count: '*' })
        .first();
      const givesUp = Number(before?.count ?? 0) >= MOST_INTERRUPTIONS;
      const count = await trx('local_batch_run')
        .where({ id })
        .whereIn('status', OPEN)
        .update({
          status: givesUp ? 'failed' : 'interrupted',
          finished_at: at,
          message: givesUp
            ? `${reason} It was interrupted ${MOST_INTERRUPTIONS + 1} times and is not run again until it is next due.`
            : reason,
        });
      if (count === 0 || givesUp) return;
      await trx('local_environment')
        .where({ key: environment_key })
        .where('next_due_at', '>', due_at)
        .update({ next_due_at: due_at });
    });
  }

  /** Runs that have not ended. */
  async open(): Promise<BatchRunRow[]> {
    return await this.#knex<BatchRunRow>('local_batch_run')
      .whereIn('status', OPEN)
      .orderBy('seq');
  }

  /** The newest first. */
  async recent(key: string, limit: number): Promise<BatchRunRow[]> {
    return await this.#knex<BatchRunRow>('local_batch_run')
      .where({ environment_key: key })
      .orderBy('seq', 'desc')
      .limit(limit);
  }

  async lastPassed(key: string): Promise<BatchRunRow | undefined> {
    return await this.#knex<BatchRunRow>('local_batch_run')
      .where({ environment_key: key, status: 'passed' })
      .orderBy('seq', 'desc')
      .first();
  }

  /** Follows the entity: another schedule or input of the job that is live. */
  async follow(
    key: string,
    before: string,
    batch: string,
    nextDueAt: string,
  ): Promise<boolean> {
    const count = await this.#knex('local_environment')
      .where({ key, batch: before })
      .update({ batch, next_due_at: nextDueAt });
    return count > 0;
  }

  /** Deletes runs that ended before a time, apart from the newest few. @returns those deleted. */
  async forget(
    key: string,
    before: string,
    keep: number,
  ): Promise<BatchRunRow[]> {
    const kept = await this.recent(key, keep);
    const oldest = kept.at(-1);
    if (!oldest || kept.length < keep) return [];
    const passed = await this.lastPassed(key);
    const rows = await this.#knex<BatchRunRow>('local_batch_run')
      .where({ environment_key: key })
      .where('seq', '<', oldest.seq)
      .where('finished_at', '<', before)
      .whereNot({ seq: passed?.seq ?? -1 })
      .limit(500);
    await this.#knex('local_batch_run')
      .whereIn(
        'id',
        rows.map(({ id }) => id),
      )
      .delete();
    return rows;
  }
}
