import styles from './SignalChart.module.css';

/** The flag at the top of a line where a version went live. */
export function MarkFlag(props: {
  text: string;
  left: boolean;
  onOpen?: () => void;
  viewBox?: { x?: number; y?: number };
}) {
  const { text, left, onOpen, viewBox } = props;
  const x = viewBox?.x ?? 0;
  const y = viewBox?.y ?? 0;
  return (
    <g onClick={onOpen} style={onOpen && { cursor: 'pointer' }}>
      <path
        d={`M${x - 4} ${y - 8}h8v5l-4 4-4-4Z`}
        fill="var(--bui-bg-neutral-1)"
        stroke="var(--md-fg-muted)"
      />
      <text
        x={left ? x - 8 : x + 8}
        y={y - 2}
        textAnchor={left ? 'end' : 'start'}
        className={styles.mono}
      >
        {text}
      </text>
    </g>
  );
}
