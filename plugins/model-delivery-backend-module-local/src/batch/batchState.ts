import type {
  BatchRun,
  BatchState,
} from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';
import type { BatchRunRow } from '../database/BatchStore';
import type { BatchFolder } from './BatchFolder';

const lines = z.array(z.string());

/** A run as pages show it. */
function toBatchRun(row: BatchRunRow): BatchRun {
  return {
    id: row.id,
    version: row.version,
    dueAt: row.due_at,
    status: row.status,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    rowsIn: row.rows_in,
    rowsOut: row.rows_out,
    rejected: row.rejected,
    message: row.message,
    log: lines.parse(JSON.parse(row.log)),
  };
}

/** A job as pages show it. @param runs - the newest first. */
export function toBatchState(
  nextRunAt: string | null,
  runs: BatchRunRow[],
  { input, output }: BatchFolder,
): BatchState {
  return { input, output, nextRunAt, runs: runs.map(toBatchRun) };
}

/** Why a job is failing: the message of its newest run that came to an end; null where that passed. */
export function failureOf(runs: BatchRunRow[]): string | null {
  const ended = runs.find(({ status }) =>
    ['passed', 'failed'].includes(status),
  );
  return ended?.status === 'failed' ? ended.message : null;
}
