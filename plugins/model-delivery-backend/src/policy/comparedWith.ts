import { fromHistory } from './basis';
import type { GateInput } from './gateInput';
import { pass, type Verdict } from './verdict';

/**
 * The live version that a version is compared with; the verdict where there is no other one.
 *
 * @param none - why nothing stands against a version where none is live yet.
 */
export function comparedWith(
  { live, version }: GateInput,
  none = 'there is nothing to compare with',
): { live: NonNullable<GateInput['live']> } | { verdict: Verdict } {
  if (!live) {
    return {
      verdict: pass(
        `No version is live here yet, so ${none}.`,
        fromHistory('none', null),
      ),
    };
  }
  if (live.version === version.version) {
    return {
      verdict: pass(
        'This version is live.',
        fromHistory(live.version, live.since),
      ),
    };
  }
  return { live };
}
