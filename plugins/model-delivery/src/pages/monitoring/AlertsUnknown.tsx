import type { Monitor } from '@slipway/plugin-model-delivery-common';
import { Notice, TimeAgo } from '../../components';
import styles from './monitoring.module.css';

/** Says once for all monitors since when and why their alerts are not known. */
export function AlertsUnknown({ monitors }: { monitors: Monitor[] }) {
  const sinceByReason = new Map<string, string>();
  for (const { reading } of monitors) {
    if (!reading?.alertsUnknown) continue;
    const { since, reason } = reading.alertsUnknown;
    const earlier = sinceByReason.get(reason);
    if (!earlier || since < earlier) sinceByReason.set(reason, since);
  }
  if (sinceByReason.size === 0) return null;
  return (
    <div className={styles.alerts}>
      {[...sinceByReason].map(([reason, since]) => (
        <Notice key={reason} tone="warning" shape="question">
          <b>Alerts are unknown</b> since <TimeAgo at={since} />. {reason}{' '}
          Values are current. The alerts shown are the last known ones.
        </Notice>
      ))}
    </div>
  );
}
