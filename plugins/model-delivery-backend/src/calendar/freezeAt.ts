import type { FreezeWindow } from '@slipway/plugin-model-delivery-common/schema';
import { CronTime } from 'cron';
import { DateTime } from 'luxon';
import { secondsOf } from '../policy/duration';
import type { Freeze } from '../policy/gateInput';

/** Windows that follow each other without a gap are one freeze, up to this many. */
const MAX_CHAINED = 50;

const iso = (ms: number): string => new Date(ms).toISOString();

/** A stretch in milliseconds since the epoch; the end does not belong to it. */
interface Stretch {
  from: number;
  to: number;
  reason: string;
}

/**
 * Works out which of an environment's freeze windows holds at a moment, and when that changes.
 *
 * @param windows - of the environment.
 * @returns `problem` where a window cannot be worked out, since a freeze that nobody can compute is
 *   not the same as none.
 */
export function freezeAt(
  windows: readonly FreezeWindow[],
  now: Date,
): Freeze | null {
  if (windows.length === 0) return null;
  const at = now.getTime();
  const broken = windows.find(window => !isComputable(window, at));
  if (broken) {
    const name = 'cron' in broken ? broken.cron : broken.from;
    return {
      current: null,
      nextAt: null,
      problem: `The freeze window "${name}" has no valid time. Correct it in the entity.`,
    };
  }
  const open = windows.flatMap(window => openAt(window, at) ?? []);
  const begins = windows.flatMap(window => beginsAfter(window, at) ?? []);
  return {
    current: open.length > 0 ? currentOf(windows, open) : null,
    nextAt: begins.length > 0 ? iso(Math.min(...begins)) : null,
    problem: null,
  };
}

/** The library throws for a range that is turned round and for a day that never comes. */
function isComputable(window: FreezeWindow, at: number): boolean {
  try {
    const { from, to } =
      'cron' in window ? recurring(window, at) : absolute(window);
    return from < to;
  } catch {
    return false;
  }
}

function currentOf(
  windows: readonly FreezeWindow[],
  open: Stretch[],
): { until: string; reason: string } {
  let until = Math.max(...open.map(({ to }) => to));
  for (let chained = 0; chained < MAX_CHAINED; chained += 1) {
    const then = until;
    const next = windows.flatMap(window => openAt(window, then) ?? []);
    if (next.length === 0) break;
    until = Math.max(...next.map(({ to }) => to));
  }
  return {
    until: iso(until),
    reason: [...new Set(open.map(({ reason }) => reason))].join('; '),
  };
}

function openAt(window: FreezeWindow, at: number): Stretch | null {
  const stretch = 'cron' in window ? recurring(window, at) : absolute(window);
  return stretch.from <= at && at < stretch.to ? stretch : null;
}

function beginsAfter(window: FreezeWindow, at: number): number | null {
  if ('cron' in window) return nextRun(window, at);
  const { from } = absolute(window);
  return from > at ? from : null;
}

function absolute(window: Extract<FreezeWindow, { from: string }>): Stretch {
  return {
    from: instantOf(window.from, window.timeZone),
    to: instantOf(window.to, window.timeZone),
    reason: window.reason,
  };
}

/** The first window that has not ended at a moment; it may begin later. */
function recurring(
  window: Extract<FreezeWindow, { cron: string }>,
  at: number,
): Stretch {
  const length = secondsOf(window.duration) * 1000;
  const from = nextRun(window, at - length);
  return { from, to: from + length, reason: window.reason };
}

function nextRun(
  { cron, timeZone }: { cron: string; timeZone: string },
  after: number,
): number {
  return new CronTime(cron, timeZone)
    .getNextDateFrom(new Date(after), timeZone)
    .toMillis();
}

function instantOf(local: string, timeZone: string): number {
  return DateTime.fromISO(local, { zone: timeZone }).toMillis();
}
