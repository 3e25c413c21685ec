import type {
  DeploymentNotice,
  DeploymentState,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';

/** Who was notified of which state of a deployment, and when. Append-only. */
export class NoticeStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async add(deploymentId: string, notice: DeploymentNotice): Promise<void> {
    await this.#knex('deployment_notice').insert({
      deployment_id: deploymentId,
      ...notice,
      recipients: JSON.stringify(notice.recipients),
    });
  }

  /** Oldest first. */
  async of(deploymentId: string): Promise<DeploymentNotice[]> {
    const rows: {
      state: DeploymentState;
      recipients: string;
      at: string;
      problem: string | null;
    }[] = await this.#knex('deployment_notice')
      .select('state', 'recipients', 'at', 'problem')
      .where('deployment_id', deploymentId)
      .orderBy('id');
    return rows.map(row => ({
      ...row,
      recipients: JSON.parse(row.recipients),
    }));
  }
}
