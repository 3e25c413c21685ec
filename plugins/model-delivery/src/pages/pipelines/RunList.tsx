import { Button } from '@backstage/ui';
import {
  type Run,
  type RunKind,
  type RunStatus,
} from '@slipway/plugin-model-delivery-common';
import { isRunMoving, useModelPages } from '../../api';
import {
  Answer,
  Face,
  FilterSelect,
  GuardedButton,
  ListFooter,
  ListTable,
  noMatchIcon,
  Region,
  Segments,
} from '../../components';
import { oneOf, useUrlState } from '../../url';
import { jobStatus } from '../../words';
import { RUN_KIND_WORDS } from './kinds';
import { useRunColumns } from './useRunColumns';

const KINDS = [
  'all',
  'ci',
  'training',
  'deployment',
  'infrastructure',
] as const;
const STATUSES: RunStatus[] = [
  'queued',
  'running',
  'waiting',
  'passed',
  'rejected',
  'failed',
  'cancelled',
  'interrupted',
];

/** The runs of the model, newest first, filtered by what the address says. */
export function RunList(props: {
  onOpen: (run: Run) => void;
  onRetrain: () => void;
}) {
  const { params, set } = useUrlState();
  const kind = oneOf(params.get('kind'), KINDS);
  const status = STATUSES.find(s => s === params.get('status')) ?? null;
  const branch = params.get('branch');
  const filtered = kind !== 'all' || status !== null || branch !== null;
  const { query, items, totalItems, showOlder } = useModelPages(
    'listRuns',
    {
      query: {
        limit: 20,
        runKind: kind === 'all' ? undefined : (kind as RunKind),
        status: status ?? undefined,
        branch: branch ?? undefined,
      },
    },
    { moves: isRunMoving },
  );
  const columns = useRunColumns();
  const branches = [...new Set(items.flatMap(run => run.branch ?? []))];
  return (
    <Region
      flush
      label="Runs"
      title="Runs"
      actions={
        <>
          <Segments
            label="Kind"
            value={kind}
            options={KINDS.map(value => ({
              value,
              label: value === 'all' ? 'All' : RUN_KIND_WORDS[value],
            }))}
            onChange={value => set({ kind: value === 'all' ? null : value })}
          />
          <FilterSelect
            label="Branch"
            any="all"
            value={branch}
            options={branches.map(value => ({ value, label: value }))}
            onChange={value => set({ branch: value })}
          />
          <FilterSelect
            label="Status"
            any="all"
            value={status}
            options={STATUSES.map(value => ({
              value,
              label: jobStatus(value).word.toLocaleLowerCase('en-US'),
            }))}
            onChange={value => set({ status: value })}
          />
          <GuardedButton verb="run" variant="primary" onPress={props.onRetrain}>
            Retrain…
          </GuardedButton>
        </>
      }
      footer={
        items.length > 0 && (
          <ListFooter
            shown={items.length}
            total={totalItems}
            one="run"
            showOlder={showOlder}
            pending={query.isFetchingNextPage}
          />
        )
      }
    >
      <Answer query={query} what="runs">
        {() =>
          items.length > 0 ? (
            <ListTable
              label="Runs"
              columns={columns}
              items={items}
              fixed="wide"
              onOpen={props.onOpen}
            />
          ) : (
            <NoRuns
              filtered={filtered}
              onClear={() => set({ kind: null, status: null, branch: null })}
            />
          )
        }
      </Answer>
    </Region>
  );
}

function NoRuns(props: { filtered: boolean; onClear: () => void }) {
  return props.filtered ? (
    <Face
      icon={noMatchIcon}
      title="No matching runs"
      actions={
        <Button variant="secondary" onPress={props.onClear}>
          Clear filters
        </Button>
      }
    >
      No runs match these filters.
    </Face>
  ) : (
    <Face title="No runs yet">
      A push to the repository starts the first one, or <b>Retrain…</b> above.
    </Face>
  );
}
