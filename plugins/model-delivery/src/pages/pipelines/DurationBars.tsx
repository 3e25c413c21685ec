import clsx from 'clsx';
import { count, formatSpan, jobStatus } from '../../words';
import styles from './DurationBars.module.css';
import { runTitle } from './kinds';
import type { RunTrend } from './runTrend';

const FAILED = ['failed', 'rejected', 'interrupted'];

/** How long the last runs took, and which of them failed. */
export function DurationBars(props: {
  trend: RunTrend;
  onOpen: (runId: string) => void;
}) {
  const { runs } = props.trend;
  const longest = Math.max(1, ...runs.map(({ ms }) => ms));
  const failed = runs.filter(({ run }) => FAILED.includes(run.status)).length;
  const first = runs[0]?.run;
  const last = runs[runs.length - 1]?.run;
  return (
    <div>
      <div
        className={styles.bars}
        role="group"
        aria-label={`Duration of the last ${count(
          runs.length,
          'run',
        )}; ${failed} did not pass`}
      >
        {runs.map(({ run, ms }) => {
          const words = `${runTitle(run)}: ${
            jobStatus(run.status).word
          }, ${formatSpan(ms)}`;
          return (
            <button
              key={run.id}
              type="button"
              className={clsx(
                styles.bar,
                FAILED.includes(run.status) && styles.failed,
                run === last && run.status === 'passed' && styles.newest,
              )}
              style={{ height: `${Math.max(6, (92 * ms) / longest)}%` }}
              title={words}
              aria-label={words}
              onClick={() => props.onOpen(run.id)}
            />
          );
        })}
      </div>
      {first && last && (
        <div className={styles.ends}>
          #{first.number} to #{last.number} · height: duration, ×: did not pass
        </div>
      )}
    </div>
  );
}
