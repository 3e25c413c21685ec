import clsx from 'clsx';
import {
  type ComparedMetric,
  type ComparedValue,
  formatDelta,
  reads,
} from '../../words';
import styles from './ForestRow.module.css';
import { betterIsPositive, forestScale } from './forestScale';

/** A difference on a line: 0 in the middle, better to the right, hollow where its interval holds 0. */
export function ForestRow(props: {
  metric: ComparedMetric;
  value: ComparedValue;
}) {
  const { metric, value } = props;
  const drawn = betterIsPositive(metric, value);
  if (!drawn) return null;
  const { delta, low, high } = drawn;
  const x = forestScale(
    1.3 * Math.max(Math.abs(delta), Math.abs(low), Math.abs(high)),
  );
  const proved = value.reads === 'better' || value.reads === 'worse';
  const tone = { better: styles.good, worse: styles.bad };
  const color = proved
    ? tone[value.reads as keyof typeof tone]
    : styles.reference;
  return (
    <span
      className={styles.forest}
      role="img"
      aria-label={`${metric.name} ${formatDelta(value.delta ?? 0)}, ${
        reads(value.reads).word
      }`}
    >
      <span className={styles.zero} />
      <span
        className={clsx(styles.interval, color)}
        style={{ left: `${x(low)}%`, width: `${x(high) - x(low)}%` }}
      />
      <span
        className={clsx(styles.point, color, proved && styles.solid)}
        style={{ left: `${x(delta)}%` }}
      />
    </span>
  );
}
