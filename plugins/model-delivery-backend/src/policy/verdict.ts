import type {
  GateOutcome,
  GateResult,
} from '@slipway/plugin-model-delivery-common/schema';

/** What judging one gate says, without the gate's name. */
export type Verdict = Omit<GateResult, 'id' | 'title'>;

/** The observation that a verdict rests on: its value, its time and its source. */
export type Basis = Pick<
  Verdict,
  'observed' | 'observedAt' | 'source' | 'runId'
>;

const verdict =
  (outcome: GateOutcome) =>
  (
    reason: string,
    basis: Basis,
    remedy: GateResult['remedy'] = 'none',
  ): Verdict => ({ outcome, reason, ...basis, remedy });

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
