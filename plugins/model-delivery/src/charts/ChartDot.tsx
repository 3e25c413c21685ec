import styles from './SignalChart.module.css';
import type { ChartPoint } from './types';

/** Every point where points count for themselves; else the last one alone. */
export function ChartDot(props: {
  dots: boolean;
  lastX: number | undefined;
  /** Where labels go to the left, since there is no room on the right. */
  leftFrom: number;
  cx?: number;
  cy?: number;
  payload?: ChartPoint;
}) {
  const { dots, lastX, leftFrom, cx, cy, payload } = props;
  const left = payload !== undefined && payload.x > leftFrom;
  const drawn = payload && payload.y !== null && (dots || payload.x === lastX);
  if (!drawn || cx === undefined || cy === undefined) return null;
  const solid = !dots || payload.solid;
  return (
    <g>
      <circle
        cx={cx}
        cy={cy}
        r={dots ? 4 : 3}
        fill={solid ? 'var(--md-series)' : 'var(--bui-bg-neutral-1)'}
        stroke="var(--md-series)"
        strokeWidth={1.75}
      />
      {payload.label && (
        <text
          x={left ? cx - 8 : cx + 8}
          y={payload.labelBelow ? cy + 18 : cy - 7}
          textAnchor={left ? 'end' : 'start'}
          className={styles.strong}
        >
          {payload.label}
        </text>
      )}
    </g>
  );
}
