import type {
  GateOutcome,
  GateReport,
  GateResult,
  GateWait,
} from '@slipway/plugin-model-delivery-common/schema';
import { fromEntity, fromRegistry } from './basis';
import type { GateInput } from './gateInput';
import { judgeOrder, judgeSoak } from './order';
import { judgeRule, ruleId, ruleTitle } from './rules';
import { judgeTarget } from './target';
import { fail, unknown, worst } from './verdict';
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
      id: `${index}-${ruleId(rule)}`,
      title: ruleTitle(rule, input),
      ...judgeRule(rule, input),
    });
  });
  gates.push(...judgeTarget(input));
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
