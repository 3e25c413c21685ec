import { fromEvidence, nothingObserved } from './basis';
import { secondsOf } from './duration';
import { evidenceOf } from './evidenceOf';
import type { GateInput } from './gateInput';
import { showSpan } from './numbers';
import { pass, unknown, type Verdict } from './verdict';

/** Judges the age of the evaluation. What is too old proves nothing about today. */
export function judgeAge(maxAge: string, input: GateInput): Verdict {
  const evaluation = evidenceOf(input.evidence, 'evaluation');
  if (!evaluation) {
    return unknown('No evaluation is known.', nothingObserved(input), 'rerun');
  }
  const basis = fromEvidence(input, evaluation, evaluation.at);
  const age = showSpan(Date.parse(input.now) - Date.parse(evaluation.at));
  return expiryOf(maxAge, evaluation.at) >= input.now
    ? pass(`It was evaluated ${age} ago ≤ ${maxAge}`, basis)
    : unknown(
        `It was evaluated ${age} ago > ${maxAge}. Compare again.`,
        basis,
        'reevaluate',
      );
}

/** When evaluations become too old for one of the environment's gates. RFC 3339, UTC. */
export function ageLimits({ environment, evidence }: GateInput): string[] {
  const evaluation = evidenceOf(evidence, 'evaluation');
  if (!evaluation) return [];
  return environment.gates.flatMap(rule =>
    'maxAge' in rule ? [expiryOf(rule.maxAge, evaluation.at)] : [],
  );
}

function expiryOf(maxAge: string, at: string): string {
  return new Date(Date.parse(at) + secondsOf(maxAge) * 1000).toISOString();
}
