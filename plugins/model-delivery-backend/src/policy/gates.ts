import type {
  GateOutcome,
  GateReport,
  GateResult,
  GateRule,
  GateWait,
} from '@slipway/plugin-model-delivery-common/schema';
import { judgeAgainstLive } from './againstLive';
import { fromEntity, fromRegistry, nothingObserved } from './basis';
import type { GateInput } from './gateInput';
import { show } from './numbers';
import { judgeOrder, judgeSoak } from './order';
import { judgeData, judgeTests } from './proofs';
import { fail, pass, unknown, type Verdict, worst } from './verdict';
import { waitsOf } from './waits';

/** Evaluates every gate that an environment declares, each with its reason in a sentence. */
export function evaluateGates(input: GateInput): GateReport {
  const gates: GateResult[] = [];
  if (input.version.status === 'rejected') {
    gates.push({
      id: 'pipeline',
      title: 'Accepted by its own pipeline',
      ...fail(
        input.version.reasons.join('; ') ||
          'Its pipeline rejected it without giving a reason.',
        fromRegistry(input, 'rejected'),
      ),
    });
  }
  if (input.predecessor) {
    gates.push({
      id: 'order',
      title: `Live in ${input.predecessor.environment} first`,
      ...judgeOrder(input.predecessor, input),
    });
  }
  const soaked = judgeSoak(input);
  if (soaked) {
    const title = `Soaked in ${input.predecessor?.environment} for ${input.environment.soak}`;
    gates.push({ id: 'soak', title, ...soaked });
  }
  if (input.freeze?.problem) {
    gates.push({
      id: 'freeze',
      title: 'Outside of freeze windows',
      ...unknown(input.freeze.problem, fromEntity()),
    });
  }
  input.environment.gates.forEach((rule, index) => {
    gates.push({
      id: `${index}-${gateId(rule)}`,
      title: gateTitle(rule, input),
      ...judge(rule, input),
    });
  });
  gates.push(...judgeStrategy(input), ...undeliverable(input));
  const outcome = worst(gates.map(g => g.outcome));
  const waits = waitsOf(input);
  return {
    environment: input.environment.name,
    version: input.version.version,
    liveVersion: input.live?.version ?? null,
    outcome,
    summary: summarize(outcome, gates, waits),
    gates,
    waits,
    evaluatedAt: input.now,
  };
}

function judge(rule: GateRule, input: GateInput): Verdict {
  if ('tests' in rule) return judgeTests(rule.tests, input);
  if ('modelCard' in rule) {
    const { hasCard } = input.version;
    const basis = fromRegistry(input, hasCard ? 'present' : 'missing');
    return hasCard
      ? pass('A model card was made for this version.', basis)
      : fail('This version has no model card.', basis);
  }
  if ('dataValidation' in rule) return judgeData(input);
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

/** A strategy is declared for a provider that can carry it out; one that cannot leaves it unknown. */
function judgeStrategy({ environment, deploysWith }: GateInput): GateResult[] {
  if (!environment.strategy || deploysWith?.splitsTraffic) return [];
  const { target, name } = environment;
  return [
    {
      id: 'strategy',
      title: 'Traffic in steps',
      ...unknown(
        `${deploysWith?.title ?? `The provider "${target.provider}"`} cannot split traffic, so ${name} cannot be rolled out in steps. Remove "strategy" from the environment to deploy at once.`,
        fromEntity(),
      ),
    },
  ];
}

/** What the entity asks for and this release cannot do is unknown, never ignored. */
function undeliverable(input: GateInput): GateResult[] {
  const { approvals } = input.environment;
  return [
    { id: 'approvals', title: 'Approvals', asked: approvals !== undefined },
  ]
    .filter(({ asked }) => asked)
    .map(({ id, title }) => ({
      id,
      title,
      ...unknown(
        `This release does not support "${id}". Remove it from the environment in catalog-info.yaml to deliver without it.`,
        fromEntity(),
      ),
    }));
}

function gateId(rule: GateRule): string {
  if ('tests' in rule) return 'tests';
  if ('modelCard' in rule) return 'model-card';
  if ('dataValidation' in rule) return 'data-validation';
  if ('min' in rule) return `${rule.metric}-min`;
  if ('max' in rule) return `${rule.metric}-max`;
  return `${rule.metric}-against-live`;
}

function gateTitle(rule: GateRule, input: GateInput): string {
  if ('tests' in rule) return `Tests pass: ${rule.tests.join(', ')}`;
  if ('modelCard' in rule) return 'Model card present';
  if ('dataValidation' in rule) return 'Data is valid';
  if ('min' in rule) {
    return `${capital(rule.metric)} at least ${show(rule.min)}`;
  }
  if ('max' in rule) return `${capital(rule.metric)} at most ${show(rule.max)}`;
  const live = input.live ? ` ${input.live.version}` : '';
  return `${capital(rule.metric)} within ${show(
    rule.noWorseThanLiveBy,
  )} of live${live}`;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en-US') + text.slice(1);
}

function summarize(
  outcome: GateOutcome,
  gates: GateResult[],
  waits: GateWait[],
): string {
  const reasons = gates
    .filter(g => g.outcome === outcome)
    .map(g => g.reason.replace(/\.$/, ''))
    .join('; ');
  if (outcome === 'fail') return `Cannot ship: ${reasons}.`;
  if (outcome === 'unknown') return `Cannot ship yet: ${reasons}.`;
  const held = waits
    .map(({ message }) => ` It waits: ${message.replace(/\.$/, '')}.`)
    .join('');
  if (outcome === 'needs-approval') return `Needs approval: ${reasons}.${held}`;
  return gates.length === 0
    ? `No gates are declared.${held}`
    : `${gates.length} of ${gates.length} gates passed.${held}`;
}
