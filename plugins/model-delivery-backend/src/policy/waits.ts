import type { GateWait } from '@slipway/plugin-model-delivery-common/schema';
import { approvalsWait } from './approvals';
import { secondsOf } from './duration';
import type { GateInput } from './gateInput';
import { showTime } from './numbers';

/**
 * What holds a version back when it is requested, although no gate is against it. Sorted by when it ends.
 *
 * A wait is left out of the outcome: it neither makes a gate pass nor fail.
 */
export function waitsOf(input: GateInput): GateWait[] {
  return sortWaits([
    ...soakOf(input),
    ...freezeOf(input),
    ...approvalsWait(input.environment.approvals, 0),
  ]);
}

/** Those that end first come first; those of which nobody knows when come last. */
export function sortWaits(waits: GateWait[]): GateWait[] {
  return [...waits].sort((a, b) =>
    (a.until ?? '~').localeCompare(b.until ?? '~'),
  );
}

/** Whether people are asked. */
export function asksPeople(waits: GateWait[]): boolean {
  return waits.some(wait => wait.kind === 'approvals');
}

/** What they wait for, in sentences. */
export function describeWaits(waits: GateWait[]): string {
  return waits.map(wait => wait.message).join(' ');
}

/** When a version that is live in the environment before has soaked; null where that is no matter. */
export function soakEnd({ environment, predecessor }: GateInput) {
  if (environment.soak === undefined || !predecessor?.from) return null;
  const ms = secondsOf(environment.soak) * 1000;
  return new Date(Date.parse(predecessor.from) + ms).toISOString();
}

function soakOf(input: GateInput): GateWait[] {
  const { environment, predecessor, version, now } = input;
  const until = soakEnd(input);
  if (!until || predecessor?.standing !== 'live' || until <= now) return [];
  return [
    {
      kind: 'soak',
      message: `${version.version} must be live in ${predecessor.environment} for ${environment.soak}; that is so at ${showTime(until)}.`,
      until,
    },
  ];
}

function freezeOf({ environment, freeze }: GateInput): GateWait[] {
  if (!freeze?.current) return [];
  const { until, reason } = freeze.current;
  return [
    {
      kind: 'freeze',
      message: `${environment.name} is frozen until ${showTime(until)}: ${reason}`,
      until,
    },
  ];
}
