import styles from './SignalChart.module.css';
import type { ChartPoint } from './types';

/** What is under the pointer, in words. */
export function ChartTip(props: {
  formatX: (x: number) => string;
  formatY: (y: number) => string;
  active?: boolean;
  payload?: readonly { payload?: ChartPoint }[];
}) {
  const point = props.payload?.[0]?.payload;
  if (!props.active || !point) return null;
  return (
    <div className={styles.tip}>
      <div>{props.formatX(point.x)}</div>
      <b>{point.y === null ? 'unknown' : props.formatY(point.y)}</b>
      {point.interval && ` [${point.interval.map(props.formatY).join(', ')}]`}
    </div>
  );
}
