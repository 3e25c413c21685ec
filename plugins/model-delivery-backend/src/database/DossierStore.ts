import type {
  Approval,
  DeploymentEvent,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { type ApprovalRow, toApproval } from './approvalRows';
import {
  type DeploymentRow,
  fromRow,
  type StoredDeployment,
} from './deploymentRows';

/** A deployment with what happened to it, and how people decided. */
export interface DocumentedDeployment {
  deployment: StoredDeployment;
  events: DeploymentEvent[];
  decisions: Approval[];
}

/** Reads what a dossier says of the deployments of a version. */
export class DossierStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The deployments of a version to any environment, newest first. */
  async deploymentsOf(
    entityRef: string,
    version: string,
    limit: number,
  ): Promise<DocumentedDeployment[]> {
    const rows: DeploymentRow[] = await this.#knex('deployment')
      .where({ entity_ref: entityRef, version })
      .orderBy('requested_at', 'desc')
      .limit(limit);
    const ids = rows.map(row => row.id);
    const events: (DeploymentEvent & { deployment_id: string })[] =
      await this.#knex('deployment_event')
        .select('deployment_id', 'at', 'state', 'by', 'message')
        .whereIn('deployment_id', ids)
        .orderBy('id');
    const decisions: ApprovalRow[] = await this.#knex('deployment_approval')
      .whereIn('deployment_id', ids)
      .orderBy('id');
    return rows.map(row => ({
      deployment: fromRow(row),
      events: events
        .filter(event => event.deployment_id === row.id)
        .map(({ at, state, by, message }) => ({ at, state, by, message })),
      decisions: decisions
        .filter(decision => decision.deployment_id === row.id)
        .map(toApproval),
    }));
  }
}
