import { Fragment, type ReactNode } from 'react';
import styles from './Facts.module.css';

/** Names and what they are; what is not known is left out. */
export function Facts(props: {
  facts: [string, ReactNode | null | undefined | false][];
}) {
  return (
    <dl className={styles.facts}>
      {props.facts
        .filter(
          ([, value]) =>
            value !== null && value !== undefined && value !== false,
        )
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
