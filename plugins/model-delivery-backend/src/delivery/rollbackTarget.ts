import type { Interval } from '../database/LiveStore';

/**
 * Chooses what a roll back goes to: the version asked for, or else the last one that was live and
 * was not itself rolled back.
 *
 * @param history - of one environment, newest first.
 */
export function rollbackTarget(
  history: Interval[],
  to: string | undefined,
): { version: string } | { problem: string } {
  const [current, ...past] = history;
  if (!current || current.to !== null) {
    return {
      problem: 'No version is live here, so there is nothing to roll back',
    };
  }
  if (to === current.version) {
    return { problem: `${to} is live already` };
  }
  const offered = past.filter(i => i.version !== current.version);
  if (to !== undefined) {
    return offered.some(i => i.version === to)
      ? { version: to }
      : { problem: `${to} was never live here; deploy it instead` };
  }
  const undone = new Set(
    history.filter(i => i.endedBy === 'rolled-back').map(i => i.version),
  );
  const last = offered.find(i => !undone.has(i.version));
  return last
    ? { version: last.version }
    : {
        problem:
          'There is no earlier version here that was not rolled back itself',
      };
}
