import clsx from 'clsx';
import type { ReactNode } from 'react';
import type { StatusShape } from '../../words';
import { StatusIcon } from '../Status';
import styles from './Notice.module.css';

/** One thing to know about a region, tinted by how bad it is. */
export function Notice(props: {
  tone: 'good' | 'warning' | 'bad' | 'info';
  shape: StatusShape;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div
      className={clsx(styles.notice, styles[props.tone])}
      role={props.tone === 'bad' ? 'alert' : 'status'}
    >
      <StatusIcon shape={props.shape} className={styles.icon} />
      <div className={styles.words}>{props.children}</div>
      {props.action}
    </div>
  );
}
