import clsx from 'clsx';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../Icon';
import styles from './Face.module.css';

/** What a region shows in place of its content: why there is none, and what to do. */
export function Face(props: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  /** What to write where, for a part that nobody set up. */
  code?: string;
  actions?: ReactNode;
  small?: ReactNode;
  failed?: boolean;
}) {
  const { icon, title, children, code, actions, small, failed } = props;
  return (
    <div
      className={clsx(styles.face, failed && styles.failed)}
      role={failed ? 'alert' : undefined}
    >
      {icon && <Icon name={icon} className={styles.icon} />}
      <h3>{title}</h3>
      {children && <div className={styles.words}>{children}</div>}
      {code && <pre className={styles.code}>{code}</pre>}
      {actions && <div className={styles.actions}>{actions}</div>}
      {small && <p className={styles.small}>{small}</p>}
    </div>
  );
}
