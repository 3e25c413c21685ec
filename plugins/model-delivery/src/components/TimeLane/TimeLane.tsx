import clsx from 'clsx';
import styles from './TimeLane.module.css';

/** A moment on an axis that lanes share. */
export interface TimeMark {
  /** Distance from the left end, as CSS has it. */
  left: string;
  label: string;
}

/** The lines of the marks behind the bars of one lane. */
export function LaneTicks(props: { marks: TimeMark[] }) {
  return (
    <>
      {props.marks.map(({ left }) => (
        <i key={left} className={styles.tick} style={{ left }} />
      ))}
    </>
  );
}

/** The names of the marks, below all lanes. */
export function TimeAxis(props: { marks: TimeMark[]; endsNow?: boolean }) {
  return (
    <div className={styles.axis} aria-hidden="true">
      {props.marks.map(({ left, label }) => (
        <span
          key={left}
          className={clsx(parseFloat(left) === 0 && styles.first)}
          style={{ left }}
        >
          {label}
        </span>
      ))}
      {props.endsNow && <span className={styles.now}>now</span>}
    </div>
  );
}

/** What the looks of the bars mean. */
export function Legend(props: {
  entries: { look?: 'accent' | 'plain' | 'undone'; word: string }[];
}) {
  return (
    <div className={styles.legend}>
      {props.entries.map(({ look, word }) => (
        <span key={word}>
          {look && <i className={styles[look]} />}
          {word}
        </span>
      ))}
    </div>
  );
}
