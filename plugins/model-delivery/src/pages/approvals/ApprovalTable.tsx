import { Link } from '@backstage/ui';
import type { WaitingForMe } from '@slipway/plugin-model-delivery-common';
import {
  type ListColumn,
  ListTable,
  Sub,
  TimeAgo,
  Version,
} from '../../components';
import { useTabHref } from '../../url';
import { count, exactTime, personName } from '../../words';
import styles from './approvals.module.css';

function ModelCell({ item }: { item: WaitingForMe }) {
  const href = useTabHref();
  const { model, deployment } = item;
  return (
    <span className={styles.cell}>
      <Link
        href={href(model, 'delivery', { deployment: deployment.id })}
        weight="bold"
        standalone
      >
        {model.title}
      </Link>
      <Sub>
        <Version name={deployment.version} /> for {deployment.environment}
      </Sub>
    </span>
  );
}

function passedGates({ deployment: { gates } }: WaitingForMe): string {
  const passed = gates.filter(gate => gate.outcome === 'pass').length;
  return gates.length === 0
    ? 'No gates'
    : `${passed} of ${count(gates.length, 'gate')} passed`;
}

const COLUMNS: ListColumn<WaitingForMe>[] = [
  {
    id: 'model',
    label: 'Model',
    rowHeader: true,
    width: '30%',
    cell: item => <ModelCell item={item} />,
  },
  {
    id: 'requested',
    label: 'Requested',
    width: '18%',
    cell: ({ deployment }) => (
      <span className={styles.cell}>
        {deployment.automatic ? 'Slipway' : personName(deployment.requestedBy)}
        <Sub>
          <TimeAgo at={deployment.requestedAt} />
        </Sub>
      </span>
    ),
  },
  {
    id: 'reason',
    label: 'Reason',
    width: '28%',
    cell: ({ deployment }) => (
      <span className={styles.cell}>{deployment.reason ?? '–'}</span>
    ),
  },
  {
    id: 'gates',
    label: 'Gates',
    width: '14%',
    secondary: true,
    cell: passedGates,
  },
  {
    id: 'expires',
    label: 'Expires',
    width: '10%',
    secondary: true,
    cell: ({ expiresAt }) => (expiresAt ? exactTime(expiresAt) : '–'),
  },
];

/** A row for each deployment that waits for the visitor. */
export function ApprovalTable({ items }: { items: WaitingForMe[] }) {
  return (
    <ListTable
      label="Waiting for me"
      columns={COLUMNS}
      items={items.map(item => ({ ...item, id: item.deployment.id }))}
      fixed="wide"
    />
  );
}
