import type { ReactNode } from 'react';
import styles from './Steps.module.css';

/** Numbered steps; those that are done are ticked off. */
export function Steps(props: { steps: { text: ReactNode; done?: boolean }[] }) {
  return (
    <ol className={styles.steps}>
      {props.steps.map(({ text, done }, index) => (
        <li key={index} data-done={done || undefined}>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
