import { z } from 'zod';
import { timestamp } from './base';
import { evidence } from './evidence';

export const RUN_KINDS = [
  'ci',
  'training',
  'deployment',
  'infrastructure',
] as const;
export const runKind = z.enum(RUN_KINDS);
export type RunKind = z.infer<typeof runKind>;

/**
 * `rejected`: all jobs ran and a gate failed. `interrupted`: the runner stopped, so how it
 * would have ended is not known. `waiting`: for a person to review it where it runs; the reason
 * says who may, the `url` leads there.
 */
export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting',
  'passed',
  'rejected',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export const runStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof runStatus>;
export const jobStatus = z.enum([...RUN_STATUSES, 'skipped']);
export type JobStatus = z.infer<typeof jobStatus>;

export const step = z
  .object({
    name: z.string(),
    status: jobStatus,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Step' });
export type Step = z.infer<typeof step>;

export const job = z
  .object({
    id: z.string(),
    name: z.string(),
    /** Jobs of one matrix share a group, such as `train`. */
    group: z.string().nullable(),
    status: jobStatus,
    /** Why it ended as it did, in a sentence. */
    reason: z.string().nullable(),
    needs: z.array(z.string()),
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    steps: z.array(step),
    url: z.string().nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof job>;

/** One execution of a pipeline, as lists show it. */
export const run = z
  .object({
    /** Unique within the model; safe in a path. */
    id: z.string(),
    provider: z.string(),
    number: z.int(),
    attempt: z.int(),
    kind: runKind,
    status: runStatus,
    reason: z.string().nullable(),
    branch: z.string().nullable(),
    commit: z.string().nullable(),
    commitMessage: z.string().nullable(),
    author: z.string().nullable(),
    /** What set it off: `push`, `manual`, `rerun`, `retrain`, `evaluation`… */
    trigger: z.string(),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    jobsDone: z.int(),
    jobsTotal: z.int(),
    /** The version that it registered. */
    version: z.string().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof run>;

export const runDetail = run
  .extend({ jobs: z.array(job), evidence: z.array(evidence) })
  .meta({ id: 'RunDetail' });
export type RunDetail = z.infer<typeof runDetail>;

export const logLine = z.object({
  n: z.int(),
  at: timestamp.nullable(),
  text: z.string(),
});
export const logChunk = z
  .object({
    lines: z.array(logLine),
    /** Give it back as `after` to go on reading. */
    next: z.int(),
    /** Nothing more will come. */
    ended: z.boolean(),
    /** The log was cut at its size limit. */
    truncated: z.boolean(),
  })
  .meta({ id: 'LogChunk' });
export type LogChunk = z.infer<typeof logChunk>;
