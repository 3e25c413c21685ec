import type { SourceDetail } from '@slipway/plugin-model-delivery-common';
import clsx from 'clsx';
import {
  type ListColumn,
  ListTable,
  Status,
  Sub,
  TimeAgo,
} from '../../components';
import { formatNumber, sourceStatus, titleCase } from '../../words';
import styles from './sources.module.css';
import { TestCell } from './TestCell';
import { Upcoming } from './Upcoming';

function State({ source }: { source: SourceDetail }) {
  if (!source.installed) {
    return (
      <span className={clsx(styles.cell, styles.state)}>
        <Status
          look={{ shape: 'octagon', tone: 'bad', word: 'Not installed' }}
        />
        <Sub indent>
          An entity names “{source.provider}”; add its module to the backend, or
          its id to app-config.
        </Sub>
      </span>
    );
  }
  if (source.models === 0) {
    return (
      <span className={clsx(styles.cell, styles.state)}>
        <Status look={{ shape: 'hollow', tone: 'muted', word: 'Not used' }} />
        <Sub indent>No model uses it yet.</Sub>
      </span>
    );
  }
  return (
    <span className={clsx(styles.cell, styles.state)}>
      <Status look={sourceStatus(source.status)} />
      {source.error && (
        <Sub indent>
          {source.error.message} <TimeAgo at={source.error.at} />
        </Sub>
      )}
    </span>
  );
}

function Models({ source }: { source: SourceDetail }) {
  const troubles = [
    source.failing > 0 && `${formatNumber(source.failing)} failing`,
    source.due > 0 && `${formatNumber(source.due)} due`,
  ].filter(Boolean);
  return (
    <span className={styles.cell}>
      {formatNumber(source.models)}
      {troubles.length > 0 && <Sub>{troubles.join(', ')}</Sub>}
    </span>
  );
}

function Next({ source }: { source: SourceDetail }) {
  if (!source.nextDueAt) return <span className={styles.muted}>–</span>;
  return source.due > 0 ? 'now' : <Upcoming at={source.nextDueAt} />;
}

function BudgetLeft({ source }: { source: SourceDetail }) {
  if (!source.budget) return <span className={styles.muted}>–</span>;
  const { remaining, limit, resetsAt } = source.budget;
  return (
    <span className={styles.cell}>
      {formatNumber(remaining)} of {formatNumber(limit)}
      <Sub>
        full again <Upcoming at={resetsAt} />
      </Sub>
    </span>
  );
}

const COLUMNS: ListColumn<SourceDetail>[] = [
  {
    id: 'source',
    label: 'Source',
    rowHeader: true,
    width: '20%',
    cell: source => (
      <span className={clsx(styles.cell, styles.source)}>
        <b>{source.title}</b>
        <Sub>{titleCase(source.capability)}</Sub>
        {source.host && (
          <span className={styles.host} title={source.host}>
            <Sub>{source.host}</Sub>
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'state',
    label: 'State',
    width: '26%',
    cell: source => <State source={source} />,
  },
  {
    id: 'models',
    label: 'Models',
    width: '10%',
    cell: source => <Models source={source} />,
  },
  {
    id: 'read',
    label: 'Last read',
    width: '10%',
    cell: source =>
      source.fetchedAt ? (
        <TimeAgo at={source.fetchedAt} />
      ) : (
        <span className={styles.muted}>never</span>
      ),
  },
  {
    id: 'next',
    label: 'Next',
    width: '8%',
    secondary: true,
    cell: source => <Next source={source} />,
  },
  {
    id: 'budget',
    label: 'Budget left',
    width: '12%',
    secondary: true,
    cell: source => <BudgetLeft source={source} />,
  },
  {
    id: 'test',
    label: 'Connection',
    width: '14%',
    cell: source => <TestCell source={source} />,
  },
];

/** A row a source and capability, those in trouble first. */
export function SourceTable(props: { sources: SourceDetail[] }) {
  return (
    <ListTable
      label="Sources"
      columns={COLUMNS}
      items={[...props.sources].sort((a, b) => rank(a) - rank(b))}
      fixed="wide"
    />
  );
}

const RANK: Record<SourceDetail['status'], number> = {
  failed: 1,
  stale: 2,
  partial: 3,
  ok: 4,
  'not-configured': 5,
};

function rank({ installed, models, status }: SourceDetail): number {
  if (!installed) return 0;
  return models === 0 ? RANK['not-configured'] : RANK[status];
}
