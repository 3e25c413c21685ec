import type {
  EvidenceOf,
  GateRule,
} from '@slipway/plugin-model-delivery-common/schema';
import { fromEvidence, nothingObserved } from './basis';
import { evidenceOf } from './evidenceOf';
import type { GateInput } from './gateInput';
import { listed } from './listed';
import { show } from './numbers';
import { fail, pass, unknown, type Verdict, worst } from './verdict';

export type SliceRule = Extract<GateRule, { slices: unknown }>['slices'];
type Slice = EvidenceOf<'evaluation'>['slices'][number];

/** Judges every slice of the evaluation; the worst decides, and only it is explained. */
export function judgeSlices(rule: SliceRule, input: GateInput): Verdict {
  const { metric } = rule;
  const evaluation = evidenceOf(input.evidence, 'evaluation');
  if (!evaluation) {
    return unknown('No evaluation is known.', nothingObserved(input), 'rerun');
  }
  const slices = evaluation.slices.filter(slice => slice.metric === metric);
  if (slices.length === 0) {
    return unknown(
      `The evaluation has no slices for ${metric}.`,
      fromEvidence(input, evaluation, null),
      'rerun',
    );
  }
  const judged = slices.map(slice => judgeSlice(rule, slice));
  const outcome = worst(judged.map(j => j.outcome));
  const decisive = judged.filter(j => j.outcome === outcome);
  const basis = fromEvidence(
    input,
    evaluation,
    slices.map(s => `${s.name} ${showOrUnknown(s.candidate)}`).join(', '),
  );
  const reason = `${metric} of ${listed(decisive.map(({ text }) => text))}`;
  if (outcome === 'pass') return pass(reason, basis);
  return outcome === 'fail'
    ? fail(reason, basis)
    : unknown(reason, basis, 'rerun');
}

interface JudgedSlice {
  outcome: 'pass' | 'fail' | 'unknown';
  text: string;
}

function judgeSlice(rule: SliceRule, slice: Slice): JudgedSlice {
  const { name, n, candidate } = slice;
  const tooFew = rule.minRows !== undefined && n < rule.minRows;
  if (tooFew || slice.insufficient) {
    const limit = tooFew ? ` of ${show(rule.minRows!)}` : '';
    return {
      outcome: 'unknown',
      text: `${name} rests on too few rows (n ${show(n)}${limit})`,
    };
  }
  if (candidate === null) {
    return { outcome: 'unknown', text: `${name} was not measured` };
  }
  const rows = ` on ${show(n)} rows`;
  const observed = `${name} ${show(candidate)}`;
  if ('min' in rule) {
    return candidate >= rule.min
      ? { outcome: 'pass', text: `${observed} ≥ ${show(rule.min)}${rows}` }
      : { outcome: 'fail', text: `${observed} < ${show(rule.min)}${rows}` };
  }
  return candidate <= rule.max
    ? { outcome: 'pass', text: `${observed} ≤ ${show(rule.max)}${rows}` }
    : { outcome: 'fail', text: `${observed} > ${show(rule.max)}${rows}` };
}

function showOrUnknown(value: number | null): string {
  return value === null ? 'unknown' : show(value);
}
