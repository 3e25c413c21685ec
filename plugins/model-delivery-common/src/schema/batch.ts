import { z } from 'zod';
import { timestamp } from './base';
import { cronExpression, timeZone } from './schedule';

/** A file or folder inside a place: no `..`, no hidden name, not absolute. */
const relativePath = z
  .string()
  .max(255)
  .regex(
    /^\w[\w.-]*(?:\/\w[\w.-]*)*$/,
    'must be a relative path such as incoming/rows.csv, of letters, digits, dots, dashes and underscores',
  );

/** A version that predicts the rows of files on a schedule and answers no requests. */
export const batchJob = z
  .strictObject({
    /** When a run is due, in local time. */
    schedule: cronExpression,
    /** IANA name. */
    timeZone: timeZone.default('UTC'),
    /** The file, or the folder of files, that each run reads. Its provider says where it is. */
    input: relativePath,
  })
  .meta({ id: 'BatchJob' });
export type BatchJob = z.infer<typeof batchJob>;

export const BATCH_RUN_STATUSES = [
  'queued',
  'running',
  'passed',
  'failed',
  'interrupted',
] as const;
export type BatchRunStatus = (typeof BATCH_RUN_STATUSES)[number];

/** One run of a batch job. Counts are null where they are not known. */
export const batchRun = z
  .object({
    id: z.string(),
    version: z.string(),
    /** The time of the schedule that it is for. */
    dueAt: timestamp,
    status: z.enum(BATCH_RUN_STATUSES),
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    /** Rows that were read, rows that were predicted, rows that could not be. */
    rowsIn: z.int().min(0).nullable(),
    rowsOut: z.int().min(0).nullable(),
    rejected: z.int().min(0).nullable(),
    /** How it ended, in a sentence; null until then. */
    message: z.string().nullable(),
    /** The last lines that it printed. */
    log: z.array(z.string()).max(50),
  })
  .meta({ id: 'BatchRun' });
export type BatchRun = z.infer<typeof batchRun>;

/** A batch job as its provider runs it. */
export const batchState = z
  .object({
    /** Where its runs read and write, as people find it. */
    input: z.string(),
    output: z.string(),
    /** Null while no run is planned. */
    nextRunAt: timestamp.nullable(),
    /** Newest first. */
    runs: z.array(batchRun).max(20),
  })
  .meta({ id: 'BatchState' });
export type BatchState = z.infer<typeof batchState>;
