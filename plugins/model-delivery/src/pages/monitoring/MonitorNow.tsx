import type { Monitor } from '@slipway/plugin-model-delivery-common';
import { useModelDetail } from '../../api';
import { Status, useNow } from '../../components';
import {
  formatReading,
  monitorState,
  relativeTime,
  staleSource,
} from '../../words';

/** What a monitor reads now, with its state; what is known but old says how old. */
export function MonitorNow({ monitor }: { monitor: Monitor }) {
  const now = useNow();
  const { data: model } = useModelDetail();
  const { reading, state, unit, reason } = monitor;
  const value =
    state === 'insufficient' || reading?.value === undefined
      ? monitorState(state).word
      : formatReading(reading.value, unit);
  const stale = staleSource(monitor, model?.sources ?? []);
  return stale?.fetchedAt ? (
    <span title={`${reason} ${stale.error?.message ?? ''}`}>
      <Status look={{ shape: 'stale', tone: 'warning', word: 'Stale' }}>
        {value}, stale since {relativeTime(stale.fetchedAt, now)}
      </Status>
    </span>
  ) : (
    <span title={reason}>
      <Status look={monitorState(state)}>{value}</Status>
    </span>
  );
}
