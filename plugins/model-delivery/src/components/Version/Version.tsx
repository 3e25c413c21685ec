import clsx from 'clsx';
import { shortSha } from '../../words';
import styles from './Version.module.css';

export function Version(props: {
  name: string;
  large?: boolean;
  /** Long names are cut; whole on hover. */
  cut?: boolean;
}) {
  const { name, large, cut } = props;
  return (
    <span
      className={clsx(styles.version, large && styles.large, cut && styles.cut)}
      title={cut ? name : undefined}
    >
      {name}
    </span>
  );
}

/** A commit or digest, short; whole on hover. */
export function Sha(props: { value: string }) {
  return (
    <span className={styles.sha} title={props.value}>
      {shortSha(props.value)}
    </span>
  );
}

/** From one version to the next. */
export function VersionMove(props: { from: string | null; to: string }) {
  return (
    <span className={styles.move}>
      {props.from ? <Version name={props.from} /> : <span>–</span>}
      <span className={styles.arrow} aria-label="to" role="img">
        →
      </span>
      <Version name={props.to} />
    </span>
  );
}
