import clsx from 'clsx';
import type { ReactNode } from 'react';
import type { StatusLook, StatusShape } from '../../words';
import { shapes } from './shapes';
import styles from './Status.module.css';

export function StatusIcon(props: { shape: StatusShape; className?: string }) {
  return (
    <svg
      className={clsx(styles.icon, props.className)}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[props.shape]}
    </svg>
  );
}

/** A state as a shape and a word; colour only repeats them. */
export function Status(props: {
  look: StatusLook;
  /** In place of the state's own word. */
  children?: ReactNode;
  /** The shape alone, its word for those who cannot see it. */
  iconOnly?: boolean;
}) {
  const { look, children, iconOnly } = props;
  return (
    <span
      className={clsx(styles.status, styles[look.tone])}
      {...(iconOnly ? { role: 'img', 'aria-label': look.word } : {})}
    >
      <StatusIcon shape={look.shape} />
      {!iconOnly && (
        <span className={styles.word}>{children ?? look.word}</span>
      )}
    </span>
  );
}
