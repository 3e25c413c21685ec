import { TablePagination } from '@backstage/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { queryClient } from '../../api';
import { Answer, Region, Surface } from '../../components';
import { formatNumber } from '../../words';
import { CountToggles } from './CountToggles';
import { FirstRun, NoMatch } from './FleetFaces';
import { FleetFilters } from './FleetFilters';
import styles from './FleetPage.module.css';
import { FleetTable } from './FleetTable';
import {
  type FleetAnswer,
  type FleetState,
  PAGE_SIZES,
  useFleet,
  useFleetState,
} from './useFleet';

/** Every model of the portal, those that need somebody first. */
export function FleetPage() {
  return (
    <QueryClientProvider client={queryClient}>
      <Surface page className={styles.page}>
        <Fleet />
      </Surface>
    </QueryClientProvider>
  );
}

function Fleet() {
  const state = useFleetState();
  const [hovered, setHovered] = useState(false);
  const query = useFleet(state, hovered);
  const list = useRef<HTMLDivElement>(null);
  if (query.data?.counts.all === 0) {
    return <FirstRun sources={query.data.sources} />;
  }
  return (
    <>
      <CountToggles
        counts={query.data?.counts}
        value={state.attention}
        onChange={attention => state.set({ attention })}
      />
      <FleetFilters
        state={state}
        facets={query.data?.facets}
        onDown={() =>
          list.current?.querySelector<HTMLElement>('tbody [role=row]')?.focus()
        }
      />
      <Region label="Fleet" flush>
        <Answer query={query} what="models">
          {answer => (
            <div
              ref={list}
              onPointerEnter={() => setHovered(true)}
              onPointerLeave={() => setHovered(false)}
            >
              <FleetList answer={answer} state={state} />
            </div>
          )}
        </Answer>
      </Region>
    </>
  );
}

function FleetList(props: { answer: FleetAnswer; state: FleetState }) {
  const { answer, state } = props;
  if (answer.items.length === 0 && state.offset === 0) {
    return <NoMatch state={state} all={answer.counts.all} />;
  }
  const total = answer.totalItems ?? state.offset + answer.items.length;
  const goTo = (offset: number) =>
    state.set({ offset: offset > 0 ? String(offset) : null });
  return (
    <>
      <FleetTable models={answer.items} state={state} />
      <div className={styles.pager}>
        <TablePagination
          pageSize={state.limit}
          pageSizeOptions={PAGE_SIZES}
          offset={state.offset}
          totalCount={total}
          hasNextPage={state.offset + state.limit < total}
          hasPreviousPage={state.offset > 0}
          onNextPage={() => goTo(state.offset + state.limit)}
          onPreviousPage={() => goTo(Math.max(0, state.offset - state.limit))}
          getLabel={() => shownOf(state.offset, answer.items.length, total)}
          onPageSizeChange={size => state.set({ pageSize: String(size) })}
        />
      </div>
    </>
  );
}

/** `21–40 of 5,012`. */
function shownOf(offset: number, shown: number, total: number): string {
  const rows =
    shown > 0
      ? `${formatNumber(offset + 1)}–${formatNumber(offset + shown)}`
      : '0';
  return `${rows} of ${formatNumber(total)}`;
}
