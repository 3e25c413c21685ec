import clsx from 'clsx';
import type { ReactNode } from 'react';
import styles from './Surface.module.css';

/** The ground that every page, card and dialog of ours stands on: tokens and plain text. */
export function Surface(props: {
  /** Stacks its regions, as a page does. */
  page?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div
      className={clsx(
        styles.surface,
        props.page && styles.page,
        props.className,
      )}
    >
      {props.children}
    </div>
  );
}
