import type { TransferProgress } from '@slipway/plugin-model-delivery-common';
import { formatBytes } from '../../words';
import styles from './delivery.module.css';

/** How much of the bundle is fetched. */
export function Transfer({ transfer }: { transfer: TransferProgress }) {
  const { doneBytes, totalBytes } = transfer;
  const done = formatBytes(doneBytes);
  return (
    <div className={styles.transfer}>
      <progress
        aria-label="Bundle download"
        max={totalBytes ?? undefined}
        value={totalBytes === null ? undefined : doneBytes}
      />
      <span className={styles.small}>
        {totalBytes === null ? done : `${done} of ${formatBytes(totalBytes)}`}
      </span>
    </div>
  );
}
