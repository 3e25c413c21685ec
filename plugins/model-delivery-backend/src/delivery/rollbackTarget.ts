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
): { version: string; digest: string | null } | { problem: string } {
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
    const named = offered.find(i => i.version === to);
    return named
      ? { version: to, digest: named.digest }
      : { problem: `${to} was never live here; deploy it instead` };
  }
  const undone = new Set(
    history.filter(i => i.endedBy === 'rolled-back').map(i => i.version),
  );
  const last = offered.find(i => !undone.has(i.version));
  return last
    ? { version: last.version, digest: last.digest }
    : {
        problem:
          'There is no earlier stable version here: each one was rolled back itself, or none was live',
      };
}
