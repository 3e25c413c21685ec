import type { GateRule } from '@slipway/plugin-model-delivery-common/schema';
import { judgeAgainstLive } from './againstLive';
import { judgeAge } from './age';
import { fromRegistry, nothingObserved } from './basis';
import type { GateInput } from './gateInput';
import { show } from './numbers';
import { judgeData, judgeTests } from './proofs';
import { judgeProvenance } from './provenance';
import { judgeSignature } from './signature';
import { judgeSlices, type SliceRule } from './slices';
import { judgeSpeed, type SpeedRule } from './speed';
import { fail, pass, unknown, type Verdict } from './verdict';

/** Judges one gate that the entity declares. */
export function judgeRule(rule: GateRule, input: GateInput): Verdict {
  if ('tests' in rule) return judgeTests(rule.tests, input);
  if ('modelCard' in rule) {
    const { hasCard } = input.version;
    const basis = fromRegistry(input, hasCard ? 'present' : 'missing');
    return hasCard
      ? pass('A model card was made for this version.', basis)
      : fail('This version has no model card.', basis);
  }
  if ('dataValidation' in rule) return judgeData(input);
  if ('slices' in rule) return judgeSlices(rule.slices, input);
  if ('performance' in rule) return judgeSpeed(rule.performance, input);
  if ('provenance' in rule) return judgeProvenance(input);
  if ('maxAge' in rule) return judgeAge(rule.maxAge, input);
  if ('signature' in rule) return judgeSignature(input);
  if ('min' in rule || 'max' in rule) return judgeLimit(rule, input);
  return judgeAgainstLive(rule.metric, rule.noWorseThanLiveBy, input);
}

function judgeLimit(
  rule: { metric: string } & ({ min: number } | { max: number }),
  input: GateInput,
): Verdict {
  const metric = input.version.metrics.find(m => m.name === rule.metric);
  if (!metric || metric.value === null) {
    return unknown(
      `No ${rule.metric} was measured for ${input.version.version}.`,
      nothingObserved(input),
      'rerun',
    );
  }
  const rows =
    metric.n === null
      ? ''
      : ` on ${show(metric.n)} ${metric.split ? `${metric.split} ` : ''}rows`;
  const basis = fromRegistry(input, show(metric.value));
  const observed = `${rule.metric} ${show(metric.value)}`;
  if ('min' in rule) {
    return metric.value >= rule.min
      ? pass(`${observed} ≥ ${show(rule.min)}${rows}`, basis)
      : fail(`${observed} < ${show(rule.min)}${rows}`, basis);
  }
  return metric.value <= rule.max
    ? pass(`${observed} ≤ ${show(rule.max)}${rows}`, basis)
    : fail(`${observed} > ${show(rule.max)}${rows}`, basis);
}

/** Names the kind of a gate and its metric, for addresses and styles. */
export function ruleId(rule: GateRule): string {
  if ('tests' in rule) return 'tests';
  if ('modelCard' in rule) return 'model-card';
  if ('dataValidation' in rule) return 'data-validation';
  if ('slices' in rule) return `${rule.slices.metric}-slices`;
  if ('performance' in rule) return 'performance';
  if ('provenance' in rule) return 'provenance';
  if ('maxAge' in rule) return 'max-age';
  if ('signature' in rule) return 'signature';
  if ('min' in rule) return `${rule.metric}-min`;
  if ('max' in rule) return `${rule.metric}-max`;
  return `${rule.metric}-against-live`;
}

/** The gate as its declaration reads, with its limit. */
export function ruleTitle(rule: GateRule, input: GateInput): string {
  if ('tests' in rule) return `Tests pass: ${rule.tests.join(', ')}`;
  if ('modelCard' in rule) return 'Model card present';
  if ('dataValidation' in rule) return 'Data is valid';
  if ('slices' in rule) return slicesTitle(rule.slices);
  if ('performance' in rule) return speedTitle(rule.performance);
  if ('provenance' in rule) return 'Built from a clean commit';
  if ('maxAge' in rule) return `Evaluated within ${rule.maxAge}`;
  if ('signature' in rule) return 'Signature does not break callers';
  if ('min' in rule) {
    return `${capital(rule.metric)} at least ${show(rule.min)}`;
  }
  if ('max' in rule) return `${capital(rule.metric)} at most ${show(rule.max)}`;
  const live = input.live ? ` ${input.live.version}` : '';
  return `${capital(rule.metric)} within ${show(
    rule.noWorseThanLiveBy,
  )} of live${live}`;
}

function slicesTitle(rule: SliceRule): string {
  const limit =
    'min' in rule ? `at least ${show(rule.min)}` : `at most ${show(rule.max)}`;
  return `${capital(rule.metric)} of every slice ${limit}`;
}

function speedTitle(rule: SpeedRule): string {
  return 'p95RatioToLive' in rule
    ? `P95 at most ${show(rule.p95RatioToLive)} times live`
    : `Throughput at least ${show(rule.throughputRatioToLive)} times live`;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en-US') + text.slice(1);
}
