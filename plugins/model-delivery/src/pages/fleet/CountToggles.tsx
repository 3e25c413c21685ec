import type { Attention } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { StatusIcon } from '../../components';
import { formatNumber, type StatusShape } from '../../words';
import styles from './CountToggles.module.css';
import type { FleetAnswer } from './useFleet';

const TOGGLES: {
  attention: Attention;
  word: string;
  shape: StatusShape;
  tone?: 'bad' | 'warning';
}[] = [
  {
    attention: 'unhealthy',
    word: 'Unhealthy: monitor critical',
    shape: 'octagon',
    tone: 'bad',
  },
  {
    attention: 'blocked',
    word: 'Blocked: a gate failed',
    shape: 'bar',
    tone: 'warning',
  },
  {
    attention: 'drifting',
    word: 'Drifting from training data',
    shape: 'triangle',
    tone: 'warning',
  },
  {
    attention: 'stale',
    word: 'Stale: a source is out of date',
    shape: 'stale',
  },
  { attention: 'unowned', word: 'Unowned', shape: 'person' },
];

/** How many models need what; each count is a filter. */
export function CountToggles(props: {
  counts: FleetAnswer['counts'] | undefined;
  /** There are more models than were counted. */
  atLeast: boolean;
  value: Attention | null;
  onChange: (attention: Attention | null) => void;
}) {
  const { counts, atLeast, value, onChange } = props;
  const figure = (n: number | undefined) =>
    n === undefined ? '–' : `${formatNumber(n)}${atLeast ? '+' : ''}`;
  return (
    <section
      className={styles.counts}
      aria-label="Filter by what needs attention"
    >
      <button
        type="button"
        className={styles.count}
        aria-pressed={value === null}
        onClick={() => onChange(null)}
      >
        <span className={styles.figure}>{figure(counts?.all)}</span>
        <span className={styles.word}>All models</span>
      </button>
      {TOGGLES.map(({ attention, word, shape, tone }) => (
        <button
          key={attention}
          type="button"
          className={clsx(
            styles.count,
            tone && counts?.[attention] && styles[tone],
          )}
          aria-pressed={value === attention}
          onClick={() => onChange(value === attention ? null : attention)}
        >
          <span className={styles.figure}>
            <StatusIcon shape={shape} />
            {figure(counts?.[attention])}
          </span>
          <span className={styles.word}>{word}</span>
        </button>
      ))}
    </section>
  );
}
