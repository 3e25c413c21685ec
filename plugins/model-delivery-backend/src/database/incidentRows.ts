import type {
  FeedbackAction,
  Incident,
  IncidentEvent,
  IncidentPhase,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import type { LeasedRow } from './Leases';

export type IncidentRow = LeasedRow & {
  id: string;
  entity_ref: string;
  rule_key: string;
  number: number;
  monitor: string;
  environment: string;
  when: string;
  then: FeedbackAction;
  phase: IncidentPhase;
  message: string;
  opened_at: string;
  closed_at: string | null;
  cause: Incident['cause'];
  version: string | null;
  run_id: string | null;
  candidate: string | null;
  deployment_id: string | null;
  moved_at: string;
  acted_at: string | null;
  retrained_at: string | null;
  open_key: string | null;
  retrain_key: string | null;
  due_at: string | null;
  revision: number;
};

/** An incident with what only the backend needs. */
export interface StoredIncident extends Incident {
  entityRef: string;
  ruleKey: string;
  number: number;
  movedAt: string;
  actedAt: string | null;
  revision: number;
}

/** An incident under a lease. */
export type HeldIncident = StoredIncident & { leaseToken: string };

export const fromIncidentRow = (row: IncidentRow): StoredIncident => ({
  id: row.id,
  monitor: row.monitor,
  environment: row.environment,
  when: JSON.parse(row.when),
  then: row.then,
  phase: row.phase,
  message: row.message,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
  cause: row.cause,
  version: row.version,
  runId: row.run_id,
  candidate: row.candidate,
  deploymentId: row.deployment_id,
  entityRef: row.entity_ref,
  ruleKey: row.rule_key,
  number: Number(row.number),
  movedAt: row.moved_at,
  actedAt: row.acted_at,
  revision: Number(row.revision),
});

/** What the API shows of it. */
export function shownIncident(stored: StoredIncident): Incident {
  const { entityRef, ruleKey, number, movedAt, actedAt, revision, ...shown } =
    stored;
  return shown;
}

/** An entry of a thread; what it does not name is null. */
export type NewIncidentEvent = Pick<IncidentEvent, 'type' | 'by' | 'message'> &
  Partial<IncidentEvent>;

/** Appends to a thread, in the transaction of the change that it records. */
export async function insertIncidentEvents(
  trx: Knex.Transaction,
  incidentId: string,
  events: NewIncidentEvent[],
  at: string,
): Promise<void> {
  if (events.length === 0) return;
  await trx('incident_event').insert(
    events.map(event => ({
      incident_id: incidentId,
      at,
      type: event.type,
      by: event.by,
      message: event.message,
      samples: event.samples ? JSON.stringify(event.samples) : null,
      run_id: event.runId ?? null,
      version: event.version ?? null,
      deployment_id: event.deploymentId ?? null,
    })),
  );
}
