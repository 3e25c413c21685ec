import type { GateWait } from '@slipway/plugin-model-delivery-common';
import { relativeTime } from '../../words';
import { Notice } from '../Notice';
import { useNow } from '../TimeAgo';

const SHAPES = { approvals: 'person', soak: 'clock', freeze: 'clock' } as const;

/** What holds a version back although no gate is against it, each with the time when it ends. */
export function Waits({ waits }: { waits: GateWait[] }) {
  const now = useNow();
  return waits.map(({ kind, message, until }) => (
    <Notice key={kind} tone="info" shape={SHAPES[kind]}>
      {message}
      {until && Date.parse(until) > now && (
        <>
          {' '}
          It ends <time dateTime={until}>{relativeTime(until, now)}</time>.
        </>
      )}
    </Notice>
  ));
}
