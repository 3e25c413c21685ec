import type {
  Rollout,
  RolloutStep,
  TrafficStats,
} from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { PlainTable, Status, useNow, Version } from '../../components';
import {
  clockTime,
  count,
  formatNumber,
  formatSpan,
  rolloutStep,
  roundSpan,
  spanBetween,
} from '../../words';
import styles from './RolloutTrack.module.css';

/** Further predictions are left out of the table. */
const MOST_PREDICTED = 4;

/** The steps in which a version takes over the traffic, and the figures of the newest one. */
export function RolloutTrack(props: {
  rollout: Rollout;
  version: string;
  fromVersion: string | null;
  /** Whether the deployment is still rolling out. */
  moving: boolean;
}) {
  const { rollout, moving } = props;
  const { steps, current, paused } = rollout;
  const shown = steps
    .slice(0, current + 1)
    .findLast(step => step.analysis !== null);
  return (
    <div className={styles.rollout}>
      <ol className={styles.track} aria-label="Steps of the roll-out">
        {steps.map((step, index) => {
          const isCurrent = moving && index === current;
          return (
            <li
              key={index}
              className={clsx(styles.step, isCurrent && styles.current)}
              aria-current={isCurrent ? 'step' : undefined}
            >
              <Status
                look={rolloutStep(step, {
                  isCurrent,
                  isPaused: paused !== null,
                })}
                iconOnly
              />
              <span className={styles.name}>{nameOf(step)}</span>
              <Elapsed step={step} isCurrent={isCurrent} />
            </li>
          );
        })}
      </ol>
      {shown?.analysis && (
        <>
          <p className={styles.verdict}>
            <b>{nameOf(shown)}:</b> {shown.analysis.sentence}
          </p>
          <Figures step={shown} {...props} />
        </>
      )}
    </div>
  );
}

function nameOf({ weight, mirror }: RolloutStep): string {
  return mirror ? 'Shadow' : `${weight} %`;
}

function Elapsed(props: { step: RolloutStep; isCurrent: boolean }) {
  const { step, isCurrent } = props;
  const now = useNow();
  const elapsed = spanBetween(step.startedAt, step.finishedAt, now);
  const planned = step.seconds > 0 ? formatSpan(step.seconds * 1000) : null;
  if (elapsed === null) {
    return <span className={styles.time}>{planned ?? 'then live'}</span>;
  }
  return (
    <span className={styles.time}>
      {isCurrent && planned
        ? `${roundSpan(elapsed)} of ${planned}`
        : step.finishedAt && formatSpan(elapsed)}
    </span>
  );
}

/** What both versions answered since the step began. */
function Figures(props: {
  step: RolloutStep;
  version: string;
  fromVersion: string | null;
}) {
  const { step, version, fromVersion } = props;
  const traffic = step.analysis?.traffic;
  if (!traffic) return null;
  const { candidate, live, agreement } = traffic;
  const row = (name: string, of: (stats: TrafficStats) => string) => ({
    key: name,
    cells: [name, of(live), of(candidate)],
  });
  return (
    <>
      <PlainTable
        quiet
        label="Traffic of both versions"
        columns={[
          step.startedAt ? `Since ${clockTime(step.startedAt)} UTC` : 'Traffic',
          {
            label: (
              <>Live {fromVersion ? <Version name={fromVersion} /> : null}</>
            ),
            number: true,
          },
          {
            label: (
              <>
                Candidate <Version name={version} />
              </>
            ),
            number: true,
          },
        ]}
        rows={[
          row('Requests', stats => formatNumber(stats.requests)),
          row('Failed', stats => share(stats.errors, stats.requests)),
          row('p95 latency', stats =>
            stats.p95Ms === null
              ? 'unknown'
              : `${formatNumber(stats.p95Ms, { max: 1 })} ms`,
          ),
          ...mostPredicted(candidate, live).map(name =>
            row(`Predicted ${name}`, stats =>
              share(stats.predictions[name] ?? 0, totalOf(stats)),
            ),
          ),
        ]}
      />
      {agreement && (
        <p className={styles.time}>
          {share(agreement.agreed, agreement.compared)} of{' '}
          {count(agreement.compared, 'copy', 'copies')} were predicted alike.
        </p>
      )}
      {step.continuedBy && (
        <p className={styles.time}>
          Continued without a verdict: “{step.continuedBy.reason}”
        </p>
      )}
    </>
  );
}

function share(part: number, of: number): string {
  return of === 0
    ? 'unknown'
    : `${formatNumber((100 * part) / of, { max: 2 })} %`;
}

function totalOf({ predictions }: TrafficStats): number {
  return Object.values(predictions).reduce((sum, n) => sum + n, 0);
}

function mostPredicted(...sides: TrafficStats[]): string[] {
  const names = [...new Set(sides.flatMap(s => Object.keys(s.predictions)))];
  const times = (name: string) =>
    sides.reduce((sum, s) => sum + (s.predictions[name] ?? 0), 0);
  return names.sort((a, b) => times(b) - times(a)).slice(0, MOST_PREDICTED);
}
