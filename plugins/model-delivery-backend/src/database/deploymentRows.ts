import {
  type Deployment,
  type DeploymentState,
  type GateResult,
  type OutsideWait,
} from '@slipway/plugin-model-delivery-common/schema';

export type DeploymentRow = {
  id: string;
  entity_ref: string;
  environment: string;
  version: string;
  from_version: string | null;
  action: Deployment['action'];
  automatic: number;
  state: DeploymentState;
  message: string;
  reason: string | null;
  requested_by: string;
  requested_at: string;
  live_at: string | null;
  finished_at: string | null;
  run_id: string | null;
  gates: string;
  open_key: string | null;
  marked_at: string | null;
  moved_at: string | null;
  waits_for: string | null;
  stop_asked_at: string | null;
};

/** A deployment, the model it belongs to, and what only whoever carries it out needs. */
export type StoredDeployment = Deployment & {
  entityRef: string;
  /** When the registry was told that it is live. */
  markedAt: string | null;
  /** When its newest event was. */
  movedAt: string;
  /** When somebody ended it, until the outside system was told. */
  stopAskedAt: string | null;
};

/** As it is asked for. */
export type NewDeployment = Omit<
  StoredDeployment,
  'waitsFor' | 'markedAt' | 'movedAt' | 'stopAskedAt'
>;

export const fromRow = (row: DeploymentRow): StoredDeployment => ({
  id: row.id,
  entityRef: row.entity_ref,
  environment: row.environment,
  version: row.version,
  fromVersion: row.from_version,
  action: row.action,
  automatic: Boolean(row.automatic),
  state: row.state,
  message: row.message,
  reason: row.reason,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  liveAt: row.live_at,
  finishedAt: row.finished_at,
  runId: row.run_id,
  waitsFor: row.waits_for ? (JSON.parse(row.waits_for) as OutsideWait) : null,
  gates: JSON.parse(row.gates) as GateResult[],
  markedAt: row.marked_at,
  movedAt: row.moved_at ?? row.requested_at,
  stopAskedAt: row.stop_asked_at,
});

export const toRow = (
  value: NewDeployment,
  key: string | null,
  now: string,
): DeploymentRow => ({
  id: value.id,
  entity_ref: value.entityRef,
  environment: value.environment,
  version: value.version,
  from_version: value.fromVersion,
  action: value.action,
  automatic: value.automatic ? 1 : 0,
  state: value.state,
  message: value.message,
  reason: value.reason,
  requested_by: value.requestedBy,
  requested_at: value.requestedAt,
  live_at: value.liveAt,
  finished_at: value.finishedAt,
  run_id: value.runId,
  gates: JSON.stringify(value.gates),
  open_key: key,
  marked_at: null,
  moved_at: now,
  waits_for: null,
  stop_asked_at: null,
});

/** As the API shows it: without what only the store needs. */
export function shownDeployment(stored: StoredDeployment): Deployment {
  const { entityRef, markedAt, movedAt, stopAskedAt, ...shown } = stored;
  return shown;
}
