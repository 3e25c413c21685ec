import type { EvidenceOf } from '@slipway/plugin-model-delivery-common/schema';
import { fromEvidence, nothingObserved } from './basis';
import { comparedWith } from './comparedWith';
import { evidenceOf } from './evidenceOf';
import type { GateInput } from './gateInput';
import { show, showInterval } from './numbers';
import { fail, needsApproval, pass, unknown, type Verdict } from './verdict';

/**
 * Reads the paired comparison with the version that is live now. A comparison with any other
 * version proves nothing about this promotion.
 *
 * @param limit - how much worse it may be, in the metric's own unit, whatever its direction.
 */
export function judgeAgainstLive(
  name: string,
  limit: number,
  input: GateInput,
): Verdict {
  const other = comparedWith(input);
  if ('verdict' in other) return other.verdict;
  const { live } = other;
  const evaluation = evidenceOf(input.evidence, 'evaluation');
  const compared = evaluation?.baseline;
  if (!evaluation || !compared || !isLive(compared, live)) {
    const was =
      compared?.kind === 'champion' && compared.version
        ? `It was compared with ${compared.version}`
        : 'It was not compared with a live version';
    return unknown(
      `${was}, and ${live.version} is live now. Compare again.`,
      evaluation
        ? fromEvidence(input, evaluation, compared?.version ?? null)
        : nothingObserved(input),
      'reevaluate',
    );
  }
  const row = evaluation.overall.find(o => o.metric === name);
  if (!row || row.delta === null) {
    return unknown(
      `The comparison with ${live.version} has no ${name}.`,
      fromEvidence(input, evaluation, null),
      'reevaluate',
    );
  }
  const interval = row.pairedCi ? ` ${showInterval(row.pairedCi)}` : '';
  const observed = `${show(row.delta)}${interval}`;
  const basis = fromEvidence(input, evaluation, observed);
  const worsening = row.direction === 'max' ? -1 : 1;
  const edge = show(worsening * limit);
  const difference = `${name} difference ${observed} against ${live.version}`;
  if (row.pairedCi === null) {
    return worsening * row.delta <= limit
      ? needsApproval(
          `${difference}: without an interval, a person decides`,
          basis,
        )
      : fail(`${difference} is beyond ${edge}`, basis);
  }
  const worse = row.pairedCi.map(bound => worsening * bound);
  if (Math.min(...worse) > limit) {
    return fail(`${difference} lies wholly beyond ${edge}`, basis);
  }
  return Math.max(...worse) > limit
    ? needsApproval(
        `${difference}: the interval reaches past ${edge}, so a person decides`,
        basis,
      )
    : pass(`${difference} stays within ${edge}`, basis);
}

/** The digest says which artifact it was; registries may name one artifact differently. */
function isLive(
  compared: EvidenceOf<'evaluation'>['baseline'],
  live: { version: string; digest: string | null },
): boolean {
  if (compared.kind !== 'champion') return false;
  return compared.digest && live.digest
    ? compared.digest === live.digest
    : compared.version === live.version;
}
