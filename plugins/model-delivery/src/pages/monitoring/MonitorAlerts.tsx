import { Link } from '@backstage/ui';
import type {
  MonitorAlert,
  Reading,
} from '@slipway/plugin-model-delivery-common';
import { Notice, TimeAgo } from '../../components';
import { alertState, exactTime } from '../../words';
import styles from './monitoring.module.css';

const ORDER: MonitorAlert['state'][] = ['firing', 'pending', 'silenced'];

/** The alerts about what a monitor watches, those that fire first. */
export function MonitorAlerts({ reading }: { reading: Reading }) {
  const alerts = [...reading.alerts].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
  );
  if (alerts.length === 0) return null;
  return (
    <div className={styles.alerts}>
      {alerts.map(alert => (
        <Notice
          key={`${alert.name} ${alert.since}`}
          tone={toneOf(alert)}
          shape={alertState(alert.state).shape}
        >
          <b>
            {alertState(alert.state).word}: {alert.name}
          </b>
          {reading.alertsUnknown && ', last known,'} since{' '}
          <TimeAgo at={alert.since} />.{' '}
          {alert.summary && `${alert.summary.replace(/\.?$/, '.')} `}
          {alert.silence && (
            <>
              Silenced by {alert.silence.by} until{' '}
              {exactTime(alert.silence.until)}: {alert.silence.comment}{' '}
            </>
          )}
          {alert.url && (
            <Link href={alert.url} target="_blank" rel="noopener noreferrer">
              Open the alert
            </Link>
          )}
        </Notice>
      ))}
    </div>
  );
}

function toneOf({ state, severity }: MonitorAlert) {
  if (state !== 'firing') return 'info';
  return severity === 'critical' ? 'bad' : 'warning';
}
