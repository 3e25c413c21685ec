import type { GateWait } from '@slipway/plugin-model-delivery-common/schema';
import { secondsOf } from './duration';
import type { GateInput } from './gateInput';
import { showTime } from './numbers';

/**
 * What holds a version back until a time, although no gate is against it. Sorted by when it ends.
 *
 * A wait is left out of the outcome: it neither makes a gate pass nor fail.
 */
export function waitsOf(input: GateInput): GateWait[] {
  const waits = [...soakOf(input), ...freezeOf(input)];
  return waits.sort((a, b) => (a.until ?? '~').localeCompare(b.until ?? '~'));
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
