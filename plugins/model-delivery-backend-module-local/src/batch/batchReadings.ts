import type { BatchJob, Signal } from '@slipway/plugin-model-delivery-common';
import {
  ProviderError,
  type ProviderReading,
} from '@slipway/plugin-model-delivery-node';
import type { BatchRunRow } from '../database/BatchStore';
import { unknown, type Values } from '../monitoring/readings';
import { dueAfter } from './schedule';

/** What is known of a batch job at a moment. */
export interface BatchFacts {
  job: BatchJob;
  version: string;
  /** RFC 3339, UTC. */
  nextDueAt: string;
  /** Of all versions in the environment, the newest first. */
  runs: BatchRunRow[];
  lastPassed: BatchRunRow | undefined;
  /** Milliseconds since 1970. */
  now: number;
  /** How long a run may take after it was due; milliseconds. */
  graceMs: number;
}

const READERS: Partial<Record<Signal, (facts: BatchFacts) => Values>> = {
  errors,
  freshness,
  'rows-in': rowsIn,
  'rows-out': rowsOut,
};

/**
 * A monitor of a batch job.
 *
 * @throws ProviderError `unsupported` for a signal that a job does not have, such as latency.
 */
export function readBatch(signal: Signal, facts: BatchFacts): Values {
  const read = READERS[signal];
  if (!read) {
    throw new ProviderError(
      'unsupported',
      `A batch job has no ${signal} on this machine; it has ${Object.keys(
        READERS,
      ).join(', ')}.`,
    );
  }
  return read(facts);
}

/** Share of the recent runs of the live version that failed. */
function errors({ runs, version }: BatchFacts): Values {
  const ended = runs.filter(
    run =>
      run.version === version &&
      (run.status === 'passed' || run.status === 'failed'),
  );
  if (ended.length === 0) return noRun(version);
  const failed = ended.filter(({ status }) => status === 'failed');
  return {
    value: failed.length / ended.length,
    insufficient: false,
    reason:
      failed.length > 0
        ? `${failed.length} of ${ended.length} runs failed; the last failure: ${failed[0].message}`
        : null,
    parts: [],
  };
}

/** Rows that the last run of the live version read. */
function rowsIn(facts: BatchFacts): Values {
  const last = ownPassed(facts);
  return last
    ? { value: last.rows_in, insufficient: false, reason: null, parts: [] }
    : noRun(facts.version);
}

/** Share of those rows that were predicted. */
function rowsOut(facts: BatchFacts): Values {
  const last = ownPassed(facts);
  if (!last) return noRun(facts.version);
  if (!last.rows_in) return unknown('The last run read no rows.');
  return {
    value: (last.rows_out ?? 0) / last.rows_in,
    insufficient: false,
    reason: last.rejected
      ? `${last.rejected} of ${last.rows_in} rows were rejected`
      : null,
    parts: [],
  };
}

/**
 * Seconds since the last run that passed, of whichever version: its output is as old. A job that is
 * overdue is critical, whatever limits are declared.
 */
function freshness(facts: BatchFacts): Values {
  const { lastPassed, now } = facts;
  const overdue = overdueSince(facts);
  const values: Values = lastPassed
    ? {
        value: Math.max(0, (now - Date.parse(lastPassed.finished_at!)) / 1_000),
        insufficient: false,
        reason: null,
        parts: [],
      }
    : unknown('No run has passed yet.');
  return overdue === null
    ? values
    : { ...values, alerts: [alertOf(facts, overdue)] };
}

function alertOf(
  { runs }: BatchFacts,
  { dueAt, deadline }: { dueAt: string; deadline: number },
): NonNullable<ProviderReading['alerts']>[number] {
  const [newest] = runs;
  const why =
    newest?.status === 'failed'
      ? ` The last run failed: ${newest.message}`
      : '';
  return {
    name: 'overdue',
    state: 'firing',
    severity: 'critical',
    summary: `No run has passed since one was due at ${dueAt.slice(0, 16)}Z.${why}`,
    since: new Date(deadline).toISOString(),
    url: null,
    silence: null,
  };
}

/**
 * The oldest time of the schedule for which no run has passed, where that is overdue: a run may take its
 * time limit, and not longer than until the next one is due.
 */
function overdueSince({
  job,
  runs,
  lastPassed,
  nextDueAt,
  now,
  graceMs,
}: BatchFacts): { dueAt: string; deadline: number } | null {
  const unfinished = runs
    .filter(run => run.seq > (lastPassed?.seq ?? -1))
    .map(({ due_at }) => due_at);
  const dueAt = [...unfinished, nextDueAt].sort()[0];
  const due = Date.parse(dueAt);
  const deadline = Math.min(due + graceMs, dueAfter(job, due));
  return now >= deadline ? { dueAt, deadline } : null;
}

function ownPassed({ runs, version }: BatchFacts): BatchRunRow | undefined {
  return runs.find(run => run.version === version && run.status === 'passed');
}

function noRun(version: string): Values {
  return unknown(`No run of ${version} has ended yet.`);
}
