import { SearchField } from '@backstage/ui';
import { useEffect, useRef, useState } from 'react';
import { FilterSelect } from '../../components';
import { useShortcut } from '../../keyboard';
import { refName } from '../../words';
import styles from './FleetFilters.module.css';
import type { FleetAnswer, FleetState } from './useFleet';

const TYPING_MS = 300;
const ORDER_WORDS: Record<FleetState['sort'], string> = {
  attention: 'Needs attention first',
  name: 'By name',
  liveSince: 'By time in production',
  lastRun: 'By last pipeline',
  lastDelivery: 'By last delivery',
};

export function FleetFilters(props: {
  state: FleetState;
  facets: FleetAnswer['facets'] | undefined;
  /** From the search down into the rows. */
  onDown: () => void;
}) {
  const { state, facets } = props;
  const plain = (values: string[] = []) =>
    values.map(value => ({ value, label: value }));
  return (
    <div className={styles.filters}>
      <FleetSearch
        value={state.search}
        onChange={search => state.set({ search: search || null })}
        onDown={props.onDown}
      />
      <FilterSelect
        label="Owner"
        value={state.owner}
        options={(facets?.owner ?? []).map(value => ({
          value,
          label: refName(value),
        }))}
        onChange={owner => state.set({ owner })}
      />
      <FilterSelect
        label="Type"
        value={state.type}
        options={plain(facets?.type)}
        onChange={type => state.set({ type })}
      />
      <FilterSelect
        label="Lifecycle"
        value={state.lifecycle}
        options={plain(facets?.lifecycle)}
        onChange={lifecycle => state.set({ lifecycle })}
      />
      <FilterSelect
        label="Live in"
        value={state.environment}
        options={plain(facets?.environment)}
        onChange={environment => state.set({ environment })}
      />
      <span className={styles.order}>{ORDER_WORDS[state.sort]}</span>
    </div>
  );
}

/** Searches when the typing rests, and follows the address when that changes. */
function FleetSearch(props: {
  value: string;
  onChange: (search: string) => void;
  onDown: () => void;
}) {
  const { value, onChange } = props;
  const field = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useShortcut('/', () => field.current?.querySelector('input')?.focus());
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => latest.current(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <SearchField
      ref={field}
      className={styles.search}
      size="small"
      aria-label="Search models"
      aria-keyshortcuts="/"
      placeholder="Search by name, tag or owner  ( / )"
      value={typed}
      onChange={setTyped}
      onKeyDown={event => {
        if (event.key === 'ArrowDown') props.onDown();
      }}
    />
  );
}
