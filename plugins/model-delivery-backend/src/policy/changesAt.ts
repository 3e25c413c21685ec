import { ageLimits } from './age';
import type { GateInput } from './gateInput';
import { waitsOf } from './waits';

/**
 * When an evaluation changes although no fact does: a wait ends, a freeze begins, or an
 * evaluation becomes too old.
 *
 * @returns RFC 3339, UTC; null where time alone changes nothing.
 */
export function changesAt(input: GateInput): string | null {
  return earliest([
    ...waitsOf(input).map(({ until }) => until),
    input.freeze?.nextAt ?? null,
    ...ageLimits(input)
      // An evaluation is too old from the next millisecond on.
      .map(limit => new Date(Date.parse(limit) + 1).toISOString())
      .filter(moment => moment > input.now),
  ]);
}

/** The earliest of the moments that are known; null where none is. */
export function earliest(moments: (string | null)[]): string | null {
  return moments.filter(moment => moment !== null).sort()[0] ?? null;
}
