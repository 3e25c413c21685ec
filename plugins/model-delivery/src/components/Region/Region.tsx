import { Box } from '@backstage/ui';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import styles from './Region.module.css';

/** A card of a page: its title, what can be done to all of it, what it shows. */
export function Region(props: {
  label: string;
  title?: ReactNode;
  /** At the right end of the title's line. */
  actions?: ReactNode;
  footer?: ReactNode;
  /** For tables: what is inside reaches the edges. */
  flush?: boolean;
  /** Bordered, because it asks for a decision. */
  asks?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  const { label, title, actions, footer, flush, asks, className } = props;
  return (
    <Box
      as="section"
      bg="neutral"
      aria-label={label}
      className={clsx(
        styles.region,
        flush && styles.flush,
        asks && styles.asks,
        className,
      )}
    >
      {(title || actions) && (
        <header className={styles.header}>
          {typeof title === 'string' ? <h2>{title}</h2> : title}
          {actions}
        </header>
      )}
      {props.children}
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </Box>
  );
}
