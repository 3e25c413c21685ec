import {
  job,
  type Job,
  type ProviderTarget,
  run,
  type Run,
  type RunKind,
  type RunStatus,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { z } from 'zod';
import { deleteOld } from './deleteOld';
import { recordModelChange } from './modelChanges';
import { newestFirst } from './newestFirst';

const jobs = z.array(job);
export const ENDED: readonly RunStatus[] = [
  'passed',
  'rejected',
  'failed',
  'cancelled',
  'interrupted',
];

const OPEN: readonly RunStatus[] = ['queued', 'running', 'waiting'];

type Row = {
  id: string;
  created_at: string;
  data: string;
  jobs: string | null;
  pipeline: string | null;
  looked_at: string | null;
};

/** A run with its jobs, and where it was read. */
export interface StoredRun {
  run: Run;
  jobs: Job[];
  /** As `pipelineKey` makes it; null for one that was read before this was kept. */
  pipeline: string | null;
  lookedAt: string | null;
}

const fromRow = (row: Row): StoredRun => ({
  run: run.parse(JSON.parse(row.data)),
  jobs: jobs.parse(JSON.parse(row.jobs ?? '[]')),
  pipeline: row.pipeline,
  lookedAt: row.looked_at,
});

/** Tells the pipelines of a model apart. */
export const pipelineKey = (target: ProviderTarget): string =>
  JSON.stringify(target);

export class RunStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async upsert(
    entityRef: string,
    value: Run,
    runJobs: Job[],
    read: { pipeline: string | null; at: string },
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      await trx('run')
        .insert({
          entity_ref: entityRef,
          id: value.id,
          kind: value.kind,
          status: value.status,
          branch: value.branch,
          created_at: value.createdAt,
          data: JSON.stringify(value),
          jobs: JSON.stringify(runJobs),
          provider: value.provider,
          pipeline: read.pipeline,
          looked_at: read.at,
        })
        .onConflict(['entity_ref', 'id'])
        .merge();
      await recordModelChange(trx, entityRef);
    });
  }

  /** The stored runs among these ids. */
  async find(entityRef: string, ids: string[]): Promise<Map<string, Run>> {
    const rows: Row[] = await this.#knex('run')
      .select('id', 'data')
      .where('entity_ref', entityRef)
      .whereIn('id', ids);
    return new Map(rows.map(r => [r.id, run.parse(JSON.parse(r.data))]));
  }

  async get(entityRef: string, id: string): Promise<StoredRun | undefined> {
    const row: Row | undefined = await this.#knex('run')
      .where({ entity_ref: entityRef, id })
      .first();
    return row && fromRow(row);
  }

  async list(
    entityRef: string,
    filter: { kind?: RunKind; status?: RunStatus; branch?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: Run[]; nextCursor?: string }> {
    const query = this.#knex('run')
      .select('id', 'created_at', 'data')
      .where('entity_ref', entityRef)
      .modify(q => {
        if (filter.kind) q.where('kind', filter.kind);
        if (filter.status) q.where('status', filter.status);
        if (filter.branch) q.where('branch', filter.branch);
      });
    const { rows, nextCursor } = await newestFirst<Row>(
      query,
      { at: 'created_at', id: 'id' },
      page,
    );
    return { items: rows.map(r => run.parse(JSON.parse(r.data))), nextCursor };
  }

  /**
   * At most `limit` runs of a provider that have not ended, as far as we know, but for those named:
   * the ones looked at longest ago first.
   */
  async open(
    entityRef: string,
    provider: string,
    { except, limit }: { except: string[]; limit: number },
  ): Promise<StoredRun[]> {
    const rows: Row[] = await this.#knex('run')
      .where({ entity_ref: entityRef, provider })
      .whereIn('status', OPEN)
      .whereNotIn('id', except)
      // For SQLite, Knex makes of the first no more than nulls before others.
      .orderBy('looked_at', 'asc', 'first')
      .orderBy('looked_at')
      .orderBy('id')
      .limit(limit);
    return rows.map(fromRow);
  }

  /** Notes that these are asked for now, however that ends. */
  async markLooked(
    entityRef: string,
    ids: string[],
    now: string,
  ): Promise<void> {
    await this.#knex('run')
      .where('entity_ref', entityRef)
      .whereIn('id', ids)
      .update({ looked_at: now });
  }

  /** Forgets runs that ended and were created before then, with their evidence. */
  async forget(before: string): Promise<void> {
    await deleteOld(
      this.#knex,
      'evidence',
      ['entity_ref', 'subject_type', 'subject', 'kind'],
      q => q.where('subject_type', 'run').where('at', '<', before),
    );
    await deleteOld(this.#knex, 'run', ['entity_ref', 'id'], q =>
      q.where('created_at', '<', before).whereIn('status', ENDED),
    );
  }

  /** The page from which on the runs of a pipeline are still to be read; empty for the first. */
  async left(entityRef: string, pipeline: string): Promise<string | undefined> {
    const row: { cursor: string } | undefined = await this.#knex('run_reading')
      .where({ entity_ref: entityRef, pipeline })
      .first();
    return row?.cursor;
  }

  /** @param cursor - undefined where nothing is left. */
  async setLeft(
    entityRef: string,
    pipeline: string,
    cursor: string | undefined,
  ): Promise<void> {
    const key = { entity_ref: entityRef, pipeline };
    if (cursor === undefined) {
      await this.#knex('run_reading').where(key).delete();
    } else {
      await this.#knex('run_reading')
        .insert({ ...key, cursor })
        .onConflict(['entity_ref', 'pipeline'])
        .merge();
    }
  }
}
