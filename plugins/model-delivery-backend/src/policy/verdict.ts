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
export const judgement = verdict('judgement');
