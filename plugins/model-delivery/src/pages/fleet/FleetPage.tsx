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
        atLeast={query.data?.atLeast.counts ?? false}
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
  /** The cursors of pages seen before, by the rows before them. */
  const trail = useRef(new Map<number, string | null>());
  const goTo = (offset: number, cursor: string | null) =>
    state.set({ offset: offset > 0 ? String(offset) : null, cursor });
  if (answer.items.length === 0 && state.cursor === null) {
    return <NoMatch state={state} all={answer.counts.all} />;
  }
  const total = answer.totalItems ?? state.offset + answer.items.length;
  const { nextCursor } = answer;
  return (
    <>
      <FleetTable models={answer.items} state={state} />
      <div className={styles.pager}>
        <TablePagination
          pageSize={state.limit}
          pageSizeOptions={PAGE_SIZES}
          offset={state.offset}
          totalCount={total}
          hasNextPage={nextCursor !== undefined}
          hasPreviousPage={state.cursor !== null}
          onNextPage={() => {
            const offset = state.offset + answer.items.length;
            trail.current.set(offset, nextCursor ?? null);
            goTo(offset, nextCursor ?? null);
          }}
          onPreviousPage={() => {
            const offset = Math.max(0, state.offset - state.limit);
            const known = trail.current.get(offset);
            // A page that was opened by its address leads back to the first one.
            goTo(known ? offset : 0, known ?? null);
          }}
          getLabel={() =>
            shownOf(
              state.offset,
              answer.items.length,
              `${formatNumber(total)}${answer.atLeast.totalItems ? '+' : ''}`,
            )
          }
          onPageSizeChange={size => state.set({ pageSize: String(size) })}
        />
      </div>
    </>
  );
}

/** `21–40 of 5,012`. */
function shownOf(offset: number, shown: number, total: string): string {
  const rows =
    shown > 0
      ? `${formatNumber(offset + 1)}–${formatNumber(offset + shown)}`
      : '0';
  return `${rows} of ${total}`;
}
