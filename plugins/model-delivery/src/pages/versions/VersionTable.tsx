import { Button, type SortDescriptor } from '@backstage/ui';
import type {
  ModelDetail,
  Version,
} from '@slipway/plugin-model-delivery-common';
import { useMemo, useState } from 'react';
import { FilterSelect, ListTable, Region } from '../../components';
import { useUrlState } from '../../url';
import { count, formatNumber, listOf } from '../../words';
import { metricNames } from './metrics';
import { sortVersions } from './sortVersions';
import { useVersionColumns } from './useVersionColumns';
import styles from './versions.module.css';

const MAX_COMPARED = 4;
const MAX_METRICS = 3;

/** All versions, newest first; up to four are chosen to be compared. */
export function VersionTable(props: {
  model: ModelDetail;
  versions: Version[];
  totalItems?: number;
  showOlder?: () => unknown;
  loadingOlder: boolean;
}) {
  const { model, versions, totalItems, showOlder, loadingOlder } = props;
  const { params, set } = useUrlState();
  const compared = params.getAll('compare');
  const [chosen, setChosen] = useState<string[]>(compared);
  const [sort, setSort] = useState<SortDescriptor>({
    column: 'createdAt',
    direction: 'descending',
  });
  const metrics = metricNames(versions, model.primaryMetric).slice(
    0,
    MAX_METRICS,
  );
  const directions = useMemo(
    () =>
      Object.fromEntries(
        versions.flatMap(v => v.metrics.map(m => [m.name, m.direction])),
      ),
    [versions],
  );
  const columns = useVersionColumns(metrics, directions);
  const rows = useMemo(
    () =>
      sortVersions(
        versions.map(version => ({ ...version, id: version.version })),
        sort,
      ),
    [versions, sort],
  );
  return (
    <Region
      flush
      label="Versions"
      title="Versions"
      actions={
        <>
          {chosen.length > 0 && (
            <span className={styles.small} aria-live="polite">
              {chosen.length} chosen
              {chosen.length === MAX_COMPARED && ', the most there can be'}
            </span>
          )}
          {chosen.length > 1 && (
            <Button
              variant="primary"
              onPress={() => set({ compare: oldestFirst(chosen, versions) })}
            >
              {`Compare ${listOf(oldestFirst(chosen, versions))}`}
            </Button>
          )}
          {chosen.length > 0 && (
            <Button
              variant="tertiary"
              onPress={() => {
                setChosen([]);
                set({ compare: null });
              }}
            >
              Clear
            </Button>
          )}
          <FilterSelect
            label="Status"
            value={params.get('status')}
            options={[
              { value: 'registered', label: 'registered' },
              { value: 'rejected', label: 'rejected' },
            ]}
            onChange={status => set({ status })}
          />
        </>
      }
      footer={
        <>
          <span className={styles.small}>
            {totalItems === undefined
              ? count(versions.length, 'version')
              : `${versions.length} of ${formatNumber(totalItems)}`}
          </span>
          {showOlder && (
            <Button
              variant="secondary"
              isPending={loadingOlder}
              onPress={() => showOlder()}
            >
              Show older
            </Button>
          )}
        </>
      }
    >
      <ListTable
        label="Versions"
        columns={columns}
        items={rows}
        sort={sort}
        onSort={setSort}
        marked={params.get('version')}
        selection={{
          mode: 'multiple',
          behavior: 'toggle',
          selected: new Set(chosen),
          onSelectionChange: keys =>
            setChosen(
              (keys === 'all'
                ? rows.map(row => row.id)
                : [...keys].map(String)
              ).slice(-MAX_COMPARED),
            ),
        }}
      />
    </Region>
  );
}

/** The older one is what the newer is held against. */
function oldestFirst(chosen: string[], versions: Version[]): string[] {
  const at = (name: string) => versions.findIndex(v => v.version === name);
  return [...chosen].sort((a, b) => at(b) - at(a));
}
