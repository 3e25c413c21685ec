import { Button, type SortDescriptor } from '@backstage/ui';
import type {
  ModelDetail,
  Version,
} from '@slipway/plugin-model-delivery-common';
import { useMemo, useState } from 'react';
import { FilterSelect, ListFooter, ListTable, Region } from '../../components';
import { oneOf, useUrlState } from '../../url';
import { listOf } from '../../words';
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
  const sort = sortOf(params);
  const metrics = shownMetrics(
    metricNames(versions, model.primaryMetric),
    params.get('metric'),
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
              {chosen.length === MAX_COMPARED && ', the maximum'}
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
        <ListFooter
          shown={versions.length}
          total={totalItems}
          one="version"
          about={
            showOlder && sort.column !== 'createdAt'
              ? 'sorts the loaded rows'
              : undefined
          }
          showOlder={showOlder}
          pending={loadingOlder}
        />
      }
    >
      <ListTable
        label="Versions"
        columns={columns}
        items={rows}
        sort={sort}
        onSort={({ column, direction }) =>
          set({ sort: String(column), order: direction })
        }
        fixed="wide"
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

/** What the address sorts by: the newest first, unless it says otherwise. */
function sortOf(params: URLSearchParams): SortDescriptor {
  return {
    column: params.get('sort') ?? 'createdAt',
    direction: oneOf(params.get('order'), ['descending', 'ascending'] as const),
  };
}

/** As many metrics as there is room for; the one that the trend shows is among them. */
function shownMetrics(names: string[], chosen: string | null): string[] {
  const shown = names.slice(0, MAX_METRICS);
  return chosen && names.includes(chosen) && !shown.includes(chosen)
    ? [...shown.slice(0, -1), chosen]
    : shown;
}

/** The older one is what the newer is held against. */
function oldestFirst(chosen: string[], versions: Version[]): string[] {
  const at = (name: string) => versions.findIndex(v => v.version === name);
  return [...chosen].sort((a, b) => at(b) - at(a));
}
