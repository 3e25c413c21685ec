import {
  job,
  type Job,
  run,
  type Run,
  type RunKind,
  type RunStatus,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { z } from 'zod';
import { newestFirst } from './newestFirst';

const jobs = z.array(job);
export const ENDED: readonly RunStatus[] = [
  'passed',
  'rejected',
  'failed',
  'cancelled',
  'interrupted',
];

type Row = {
  id: string;
  created_at: string;
  data: string;
  jobs: string | null;
};

export class RunStore {
  constructor(private readonly knex: Knex) {}

  async upsert(entityRef: string, value: Run, runJobs: Job[]): Promise<void> {
    await this.knex('run')
      .insert({
        entity_ref: entityRef,
        id: value.id,
        kind: value.kind,
        status: value.status,
        branch: value.branch,
        created_at: value.createdAt,
        data: JSON.stringify(value),
        jobs: JSON.stringify(runJobs),
      })
      .onConflict(['entity_ref', 'id'])
      .merge();
  }

  /** The stored runs among these ids. */
  async find(entityRef: string, ids: string[]): Promise<Map<string, Run>> {
    const rows: Row[] = await this.knex('run')
      .select('id', 'data')
      .where('entity_ref', entityRef)
      .whereIn('id', ids);
    return new Map(rows.map(r => [r.id, run.parse(JSON.parse(r.data))]));
  }

  async get(
    entityRef: string,
    id: string,
  ): Promise<{ run: Run; jobs: Job[] } | undefined> {
    const row: Row | undefined = await this.knex('run')
      .where({ entity_ref: entityRef, id })
      .first();
    return (
      row && {
        run: run.parse(JSON.parse(row.data)),
        jobs: jobs.parse(JSON.parse(row.jobs ?? '[]')),
      }
    );
  }

  async list(
    entityRef: string,
    filter: { kind?: RunKind; status?: RunStatus; branch?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: Run[]; nextCursor?: string }> {
    const query = this.knex('run')
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

  /** Ids of runs that have not ended, as far as we know. */
  async openIds(entityRef: string): Promise<string[]> {
    return this.knex('run')
      .where('entity_ref', entityRef)
      .whereIn('status', ['queued', 'running'])
      .limit(100)
      .pluck('id');
  }
}
