import type {
  GateOutcome,
  GateResult,
} from '@slipway/plugin-model-delivery-common/schema';

/** What judging one gate says, without the gate's name. */
export type Verdict = Omit<GateResult, 'id' | 'title'>;

const verdict =
  (outcome: GateOutcome) =>
  (
    reason: string,
    input: { version: { runId: string | null } },
    remedy: GateResult['remedy'] = 'none',
  ): Verdict => ({ outcome, reason, runId: input.version.runId, remedy });

export const pass = verdict('pass');
export const fail = verdict('fail');
export const unknown = verdict('unknown');
export const needsApproval = verdict('needs-approval');

const WORST_FIRST: GateOutcome[] = [
  'fail',
  'unknown',
  'needs-approval',
  'pass',
];

/** Of several outcomes, the one that decides. */
export function worst(outcomes: GateOutcome[]): GateOutcome {
  return WORST_FIRST.find(o => outcomes.includes(o)) ?? 'pass';
}
