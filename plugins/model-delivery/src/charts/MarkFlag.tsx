import { flagText } from './placeFlags';
import styles from './SignalChart.module.css';

/** The flag at the top of a line where a version went live. */
export function MarkFlag(props: {
  label: string;
  /** Where its name stands; null where there is no room for it. */
  side: 'left' | 'right' | null;
  onOpen?: () => void;
  viewBox?: { x?: number; y?: number };
}) {
  const { label, side, onOpen, viewBox } = props;
  const x = viewBox?.x ?? 0;
  const y = viewBox?.y ?? 0;
  return (
    <g onClick={onOpen} style={onOpen && { cursor: 'pointer' }}>
      <title>{`${label} went live`}</title>
      <path
        d={`M${x - 4} ${y - 8}h8v5l-4 4-4-4Z`}
        fill="var(--bui-bg-neutral-1)"
        stroke="var(--md-fg-muted)"
      />
      {side && (
        <text
          x={side === 'left' ? x - 8 : x + 8}
          y={y - 2}
          textAnchor={side === 'left' ? 'end' : 'start'}
          className={styles.mono}
        >
          {flagText(label)}
        </text>
      )}
    </g>
  );
}
