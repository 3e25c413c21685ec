import { Link } from '@backstage/ui';
import type { Version as VersionRecord } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import { useMemo } from 'react';
import {
  type ListColumn,
  Sha,
  Status,
  TimeAgo,
  Version,
} from '../../components';
import { useModelLinks } from '../../url';
import {
  decimalsFor,
  directionArrow,
  formatBytes,
  formatInterval,
  formatMetric,
  metricName,
} from '../../words';
import { metricOf } from './metrics';
import styles from './versions.module.css';

export type VersionRow = VersionRecord & { id: string };

/** The columns of the version table; `metrics` of them are metrics. */
export function useVersionColumns(
  metrics: string[],
  directions: Record<string, 'max' | 'min'>,
): ListColumn<VersionRow>[] {
  const links = useModelLinks();
  const key = metrics.join('\n');
  return useMemo(
    () => [
      {
        id: 'version',
        label: 'Version',
        rowHeader: true,
        sortable: true,
        width: '11%',
        cell: row => (
          <Link
            className={styles.name}
            href={links.version(row.version)}
            variant="body-medium"
            weight="bold"
            standalone
          >
            <span title={row.version}>
              <Version name={row.version} />
            </span>
          </Link>
        ),
      },
      {
        id: 'createdAt',
        label: 'Made',
        sortable: true,
        width: '10%',
        cell: row => <TimeAgo at={row.createdAt} />,
      },
      {
        id: 'commit',
        label: 'Commit',
        secondary: true,
        width: '8%',
        cell: row => (
          <span title={row.commitMessage ?? undefined}>
            {row.commit ? <Sha value={row.commit} /> : '–'}
          </span>
        ),
      },
      ...(key ? key.split('\n') : []).map<ListColumn<VersionRow>>(
        (name, index) => ({
          id: `metric:${name}`,
          label: `${metricName(name)} ${directionArrow(
            directions[name] ?? 'max',
          )}`,
          number: true,
          sortable: true,
          secondary: index > 0,
          width: index === 0 ? '15%' : '9%',
          cell: row => (
            <MetricCell row={row} name={name} interval={index === 0} />
          ),
        }),
      ),
      {
        id: 'size',
        label: 'Size',
        number: true,
        secondary: true,
        width: '7%',
        cell: row =>
          row.sizeBytes === null ? '–' : formatBytes(row.sizeBytes),
      },
      {
        id: 'dataset',
        label: 'Dataset',
        secondary: true,
        width: '8%',
        cell: row =>
          row.datasetDigest ? <Sha value={row.datasetDigest} /> : '–',
      },
      {
        id: 'status',
        label: 'Status',
        width: '14%',
        cell: row => <VersionStatus version={row} />,
      },
      {
        id: 'live',
        label: 'Live in',
        width: '10%',
        cell: row => <LiveIn environments={row.liveIn} />,
      },
    ],
    [key, directions, links],
  );
}

/** That nothing rejected it does not say that anything was asked of it. */
export function VersionStatus({ version }: { version: VersionRecord }) {
  return version.status === 'rejected' ? (
    <Status look={{ shape: 'bar', tone: 'warning', word: 'Rejected' }}>
      <span className={styles.reason} title={version.reasons.join('\n')}>
        {version.reasons[0] ?? 'Rejected'}
      </span>
    </Status>
  ) : (
    <Status look={{ shape: 'hollow', tone: 'muted', word: 'Registered' }} />
  );
}

export function LiveIn({ environments }: { environments: string[] }) {
  if (environments.length === 0) return <>–</>;
  return (
    <span className={styles.tags}>
      {environments.map(name => (
        <span key={name} className={styles.tag}>
          {name}
        </span>
      ))}
    </span>
  );
}

function MetricCell(props: {
  row: VersionRow;
  name: string;
  /** Says how sure it is, too. */
  interval: boolean;
}) {
  const { row, name, interval } = props;
  const metric = metricOf(row, name);
  if (!metric || metric.value === null) {
    return <span className={styles.muted}>unknown</span>;
  }
  return (
    <span className={styles.nowrap}>
      {formatMetric(metric.value, metric.unit)}
      {interval && metric.ci && (
        <span className={clsx(styles.small, styles.interval)}>
          {' '}
          {formatInterval(metric.ci, decimalsFor(metric.value))}
        </span>
      )}
    </span>
  );
}
