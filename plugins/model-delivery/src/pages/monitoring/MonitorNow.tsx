import type { Monitor } from '@slipway/plugin-model-delivery-common';
import { Status } from '../../components';
import { formatReading, monitorState } from '../../words';

/** What a monitor reads now, with its state. */
export function MonitorNow({ monitor }: { monitor: Monitor }) {
  const { reading, state, unit, reason } = monitor;
  return (
    <span title={reason}>
      <Status look={monitorState(state)}>
        {state === 'insufficient' || reading?.value === undefined
          ? monitorState(state).word
          : formatReading(reading.value, unit)}
      </Status>
    </span>
  );
}
