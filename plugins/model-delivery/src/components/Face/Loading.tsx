import { Skeleton, VisuallyHidden } from '@backstage/ui';
import styles from './Face.module.css';

/** Only until something was shown for the first time. */
export function Loading(props: { what: string; rows?: number }) {
  return (
    <div className={styles.loading} aria-busy="true">
      <VisuallyHidden>Loading {props.what}</VisuallyHidden>
      <Skeleton width={128} height={16} />
      {Array.from({ length: props.rows ?? 3 }, (_, row) => (
        <div key={row} className={styles.row}>
          <Skeleton height={12} />
          <Skeleton height={12} />
          <Skeleton height={12} />
          <Skeleton height={12} />
        </div>
      ))}
    </div>
  );
}
