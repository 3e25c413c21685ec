import { Link } from '@backstage/ui';
import type { Monitor } from '@slipway/plugin-model-delivery-common';
import { useModelDetail } from '../../api';
import { PlainTable, Status } from '../../components';
import { useModelLinks } from '../../url';
import {
  formatReading,
  formatThreshold,
  monitorState,
  staleSource,
} from '../../words';
import styles from './delivery.module.css';

/** What each monitor reads now, beside the limit that it must keep. */
export function MonitorTable(props: {
  environment: string;
  monitors: Monitor[];
}) {
  const links = useModelLinks();
  return (
    <div className={styles.monitors}>
      <PlainTable
        quiet
        label={`Monitors of ${props.environment}`}
        columns={[
          'Monitor',
          { label: 'Now', number: true },
          { label: 'Critical', number: true },
        ]}
        rows={props.monitors.map(monitor => ({
          key: monitor.name,
          cells: [
            <Link
              key="name"
              href={links.monitoring(props.environment, monitor.name)}
              variant="body-medium"
              standalone
            >
              <Status look={monitorState(monitor.state)}>{monitor.name}</Status>
            </Link>,
            <Now key="now" monitor={monitor} />,
            formatThreshold(monitor.critical, monitor.unit),
          ],
        }))}
      />
    </div>
  );
}

function Now({ monitor }: { monitor: Monitor }) {
  const { data: model } = useModelDetail();
  const stale = staleSource(monitor, model?.sources ?? []);
  if (monitor.state === 'insufficient') {
    return <span title={monitor.reason}>too few</span>;
  }
  const value = formatReading(monitor.reading?.value ?? null, monitor.unit);
  return stale?.fetchedAt ? (
    <Status look={{ shape: 'stale', tone: 'warning', word: 'Stale' }}>
      {value}, stale
    </Status>
  ) : (
    <span title={monitor.reason}>{value}</span>
  );
}
