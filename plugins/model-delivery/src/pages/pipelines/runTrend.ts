import type { Run } from '@slipway/plugin-model-delivery-common';
import { spanBetween } from '../../words';

export interface RunTrend {
  /** Oldest first; only those that ended. */
  runs: { run: Run; ms: number }[];
  passed: number;
  medianMs: number | null;
}

/** What the last runs say together. */
export function runTrend(runs: Run[]): RunTrend {
  const ended = runs
    .filter(run => run.finishedAt !== null)
    .map(run => ({
      run,
      ms: spanBetween(run.startedAt ?? run.createdAt, run.finishedAt) ?? 0,
    }))
    .reverse();
  const passed = ended.filter(({ run }) => run.status === 'passed');
  const sorted = passed.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    runs: ended,
    passed: passed.length,
    medianMs: sorted.length > 0 ? sorted[Math.floor(sorted.length / 2)] : null,
  };
}
