import type {
  GateOutcome,
  GateResult,
} from '@slipway/plugin-model-delivery-common';

const RANK: Record<GateOutcome, number> = {
  fail: 0,
  unknown: 1,
  'needs-approval': 2,
  pass: 3,
};

/** Trouble first; among equals as the entity declares them. */
export function orderGates(gates: GateResult[]): GateResult[] {
  return [...gates].sort((a, b) => RANK[a.outcome] - RANK[b.outcome]);
}
