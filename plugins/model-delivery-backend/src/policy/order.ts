import { fromHistory } from './basis';
import type { GateInput, Predecessor } from './gateInput';
import { showSpan } from './numbers';
import { fail, pass, type Verdict } from './verdict';
import { soakEnd } from './waits';

/** Judges the promotion order: a version is live in one environment before it enters the next. */
export function judgeOrder(
  { environment, standing, from }: Predecessor,
  input: GateInput,
): Verdict {
  const { version } = input.version;
  const basis = fromHistory(standing, from);
  switch (standing) {
    case 'live':
      return pass(`${version} is live in ${environment}.`, basis);
    case 'was-live':
      return pass(`${version} was live in ${environment}.`, basis);
    case 'rolled-back':
      return fail(`${version} was rolled back in ${environment}.`, basis);
    default:
      return fail(
        `${version} was never live in ${environment}. Deploy it there first.`,
        basis,
      );
  }
}

/**
 * Judges the soak of a version that is no longer live in the environment before, or has soaked. While
 * it soaks there is no verdict: that is a wait.
 */
export function judgeSoak(input: GateInput): Verdict | null {
  const { predecessor, version, environment, now } = input;
  const end = soakEnd(input);
  if (!end || !predecessor?.from || predecessor.standing === 'rolled-back') {
    return null;
  }
  const { from, to } = predecessor;
  const span = showSpan(Date.parse(to ?? now) - Date.parse(from));
  const basis = fromHistory(span, from);
  if (end <= (to ?? now)) {
    return pass(
      `${version.version} ${to ? 'was' : 'is'} live in ${predecessor.environment} for ${span} ≥ ${environment.soak}`,
      basis,
    );
  }
  return to === null
    ? null
    : fail(
        `${version.version} was live in ${predecessor.environment} for ${span} < ${environment.soak}, until another version replaced it. Deploy it there again.`,
        basis,
      );
}

/**
 * How a version stands in an environment.
 *
 * @param last - the last interval in which the version was live there.
 */
export function predecessorOf(
  environment: string,
  last:
    | {
        from: string;
        to: string | null;
        endedBy: 'superseded' | 'rolled-back' | null;
      }
    | undefined,
): Predecessor {
  if (!last) return { environment, standing: 'never', from: null, to: null };
  const { from, to, endedBy } = last;
  const ended = endedBy === 'rolled-back' ? 'rolled-back' : 'was-live';
  return { environment, standing: to === null ? 'live' : ended, from, to };
}
