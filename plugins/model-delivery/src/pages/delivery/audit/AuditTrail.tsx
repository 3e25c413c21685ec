import type { HistoryEntry } from '@slipway/plugin-model-delivery-common';
import { useMemo } from 'react';
import { useModelPages } from '../../../api';
import {
  Answer,
  Face,
  type ListColumn,
  ListFooter,
  ListTable,
  Region,
  Status,
  Sub,
  TimeAgo,
} from '../../../components';
import { auditOutcome, auditWhat, personName } from '../../../words';
import styles from '../delivery.module.css';
import { Chain } from './Chain';
import { ExportButtons } from './ExportButtons';

/** What was done to the model and what was denied, for ever, and whether the record is whole. */
export function AuditTrail() {
  const { query, items, showOlder } = useModelPages('getAudit', {
    query: { limit: 10 },
  });
  const columns = useColumns();
  const page = query.data?.pages[0];
  return (
    <Region
      flush
      label="Audit trail"
      title="Audit trail"
      actions={page && <ExportButtons entries={page.head.seq} />}
      footer={
        items.length > 0 && (
          <ListFooter
            shown={items.length}
            total={page?.head.seq}
            one="entry"
            showOlder={showOlder}
            pending={query.isFetchingNextPage}
          />
        )
      }
    >
      {page && <Chain head={page.head} check={page.check} />}
      <Answer query={query} what="audit trail">
        {() =>
          items.length === 0 ? (
            <Face title="No entry">
              Nothing was done to this model yet, and nothing was denied.
            </Face>
          ) : (
            <ListTable
              label="Audit trail"
              columns={columns}
              items={items.map(entry => ({ id: String(entry.seq), ...entry }))}
              fixed="wide"
            />
          )
        }
      </Answer>
    </Region>
  );
}

function useColumns(): ListColumn<HistoryEntry & { id: string }>[] {
  return useMemo(
    () => [
      {
        id: 'seq',
        label: 'Entry',
        width: '7%',
        secondary: true,
        cell: entry => entry.seq,
      },
      {
        id: 'when',
        label: 'When',
        width: '11%',
        cell: entry => <TimeAgo at={entry.at} />,
      },
      {
        id: 'what',
        label: 'What',
        width: '22%',
        rowHeader: true,
        cell: entry => (
          <span className={styles.why}>
            {auditWhat(entry.what)}
            {entry.environment && <Sub>{entry.environment}</Sub>}
          </span>
        ),
      },
      {
        id: 'outcome',
        label: 'Outcome',
        width: '13%',
        cell: entry => <Status look={auditOutcome(entry.outcome)} />,
      },
      {
        id: 'who',
        label: 'Who',
        width: '15%',
        secondary: true,
        cell: entry => personName(entry.by),
      },
      {
        id: 'why',
        label: 'Details',
        width: '32%',
        cell: entry => <span className={styles.why}>{detailsOf(entry)}</span>,
      },
    ],
    [],
  );
}

function detailsOf({ from, to, reason, message }: HistoryEntry): string {
  const move = to && (from ? `${from} → ${to}` : to);
  return [move, reason && `“${reason}”`, message].filter(Boolean).join(' · ');
}
