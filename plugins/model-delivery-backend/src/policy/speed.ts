import type { GateRule } from '@slipway/plugin-model-delivery-common/schema';
import { fromEvidence, nothingObserved } from './basis';
import { comparedWith } from './comparedWith';
import { evidenceOf } from './evidenceOf';
import type { GateInput } from './gateInput';
import { show } from './numbers';
import { fail, pass, unknown, type Verdict } from './verdict';

export type SpeedRule = Extract<
  GateRule,
  { performance: unknown }
>['performance'];

/**
 * Judges the speed of a version against the live one. Only a ratio that one run measured by turns on
 * one machine is believed: two reports of two machines compare the machines.
 */
export function judgeSpeed(rule: SpeedRule, input: GateInput): Verdict {
  const compared = comparedWith(input);
  if ('verdict' in compared) return compared.verdict;
  const { live } = compared;
  const found = evidenceOf(input.evidence, 'performance');
  if (!found) {
    return unknown(
      'No performance report is known.',
      nothingObserved(input),
      'rerun',
    );
  }
  const { name, ratio } = measuredBy(rule, found);
  const basis = fromEvidence(
    input,
    found,
    ratio === null ? null : `${show(ratio)} times ${found.baselineVersion}`,
  );
  if (!found.valid) {
    return unknown(
      `The measurement is not valid: ${found.summary}`,
      basis,
      'rerun',
    );
  }
  if (found.baselineVersion !== live.version) {
    const was = found.baselineVersion
      ? `It was timed against ${found.baselineVersion}`
      : 'It was not timed against a live version';
    return unknown(
      `${was}, and ${live.version} is live now. Run the pipeline again.`,
      basis,
      'rerun',
    );
  }
  if (ratio === null) {
    return unknown(
      `The performance report has no ${name} against ${live.version}.`,
      basis,
      'rerun',
    );
  }
  const observed = `${name} is ${show(ratio)} times that of ${live.version}`;
  if ('p95RatioToLive' in rule) {
    const limit = show(rule.p95RatioToLive);
    return ratio <= rule.p95RatioToLive
      ? pass(`${observed} ≤ ${limit}`, basis)
      : fail(`${observed} > ${limit}`, basis);
  }
  const limit = show(rule.throughputRatioToLive);
  return ratio >= rule.throughputRatioToLive
    ? pass(`${observed} ≥ ${limit}`, basis)
    : fail(`${observed} < ${limit}`, basis);
}

function measuredBy(
  rule: SpeedRule,
  found: { p95Ratio?: number | null; throughputRatio?: number | null },
): { name: string; ratio: number | null } {
  return 'p95RatioToLive' in rule
    ? { name: 'p95', ratio: found.p95Ratio ?? null }
    : { name: 'throughput', ratio: found.throughputRatio ?? null };
}
