import type { Approval } from '@slipway/plugin-model-delivery-common/schema';

export interface ApprovalRow {
  id: number;
  deployment_id: string;
  by: string;
  decision: Approval['decision'];
  reason: string | null;
  at: string;
  lapsed_at: string | null;
  lapsed_why: string | null;
}

export function toApproval(row: ApprovalRow): Approval {
  return {
    by: row.by,
    decision: row.decision,
    reason: row.reason,
    at: row.at,
    lapsed:
      row.lapsed_at === null
        ? null
        : { at: row.lapsed_at, reason: row.lapsed_why ?? '' },
  };
}
