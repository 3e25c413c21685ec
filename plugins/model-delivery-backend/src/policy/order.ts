import type { GateInput, Predecessor } from './gateInput';
import { fail, pass, type Verdict } from './verdict';

/** Judges the promotion order: a version is live in one environment before it enters the next. */
export function judgeOrder(
  { environment, standing }: Predecessor,
  input: GateInput,
): Verdict {
  const { version } = input.version;
  switch (standing) {
    case 'live':
      return pass(`${version} is live in ${environment}.`, input);
    case 'was-live':
      return pass(`${version} was live in ${environment}.`, input);
    case 'rolled-back':
      return fail(`${version} was rolled back in ${environment}.`, input);
    default:
      return fail(
        `${version} was never live in ${environment}. Deploy it there first.`,
        input,
      );
  }
}

/**
 * How a version stands in an environment, from the version that is live there and the last interval
 * in which the version itself was.
 */
export function standingOf(
  version: string,
  liveVersion: string | undefined,
  last: { endedBy: 'superseded' | 'rolled-back' | null } | undefined,
): Predecessor['standing'] {
  if (liveVersion === version) return 'live';
  if (!last) return 'never';
  return last.endedBy === 'rolled-back' ? 'rolled-back' : 'was-live';
}
