import type { Stickiness } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';

const OPEN = ['in-progress', 'verifying', 'rolling-out'] as const;
type OpenPhase = (typeof OPEN)[number];
export type DeploymentPhase = OpenPhase | 'live' | 'failed';

/** How the traffic goes to a candidate; it outlives restarts. */
export interface RolloutRow {
  sticky: Stickiness | null;
  weight: number;
  mirror: boolean;
}

export interface DeploymentRow {
  seq: number;
  id: string;
  environment_key: string;
  version: string;
  digest: string | null;
  phase: DeploymentPhase;
  message: string;
  /** JSON of a `RolloutRow`; null where the traffic shifts at once. */
  rollout: string | null;
  requested_at: string;
  live_at: string | null;
  finished_at: string | null;
}

/** What an environment serves, or should. */
export interface EnvironmentRow {
  /** `<namespace>/<name>/<environment>` */
  key: string;
  deployment_id: string;
  version: string;
  digest: string | null;
  live_at: string;
}

export function isOpen({ phase }: DeploymentRow): boolean {
  return (OPEN as readonly DeploymentPhase[]).includes(phase);
}

/** Deployments, and what is live where. */
export class DeploymentStore {
  constructor(private readonly knex: Knex) {}

  /** Stores a deployment once. @returns the one with that id, new or not. */
  async create(
    deployment: Omit<DeploymentRow, 'seq' | 'live_at' | 'finished_at'>,
  ): Promise<{ deployment: DeploymentRow; created: boolean }> {
    const inserted = await this.knex('local_deployment')
      .insert(deployment)
      .onConflict('id')
      .ignore()
      .returning('id');
    return {
      deployment: (await this.get(deployment.id))!,
      created: inserted.length > 0,
    };
  }

  async get(id: string): Promise<DeploymentRow | undefined> {
    return await this.knex<DeploymentRow>('local_deployment')
      .where({ id })
      .first();
  }

  /** Those that have not ended. */
  async open(): Promise<DeploymentRow[]> {
    return await this.knex<DeploymentRow>('local_deployment')
      .whereIn('phase', OPEN)
      .orderBy('seq');
  }

  /** Changes a deployment that has not ended. @returns false where it has. */
  async progress(
    id: string,
    change: Pick<DeploymentRow, 'phase' | 'message'> & {
      finished_at?: string;
    },
  ): Promise<boolean> {
    const count = await this.knex('local_deployment')
      .where({ id })
      .whereIn('phase', OPEN)
      .update(change);
    return count > 0;
  }

  /** Records a split of the traffic. @returns false where the deployment has ended. */
  async shift(id: string, rollout: RolloutRow): Promise<boolean> {
    const count = await this.knex('local_deployment')
      .where({ id })
      .whereIn('phase', OPEN)
      .update({ rollout: JSON.stringify(rollout) });
    return count > 0;
  }

  /** Makes a deployment what its environment serves. @returns false where it ended meanwhile. */
  async goLive(
    deployment: DeploymentRow,
    at: string,
    message: string,
  ): Promise<boolean> {
    return await this.knex.transaction(async trx => {
      const count = await trx('local_deployment')
        .where({ id: deployment.id })
        .whereIn('phase', OPEN)
        .update({ phase: 'live', message, live_at: at, finished_at: at });
      if (count === 0) return false;
      await trx('local_environment')
        .insert({
          key: deployment.environment_key,
          deployment_id: deployment.id,
          version: deployment.version,
          digest: deployment.digest,
          live_at: at,
        })
        .onConflict('key')
        .merge();
      return true;
    });
  }

  async environment(key: string): Promise<EnvironmentRow | undefined> {
    return await this.knex<EnvironmentRow>('local_environment')
      .where({ key })
      .first();
  }

  async environments(): Promise<EnvironmentRow[]> {
    return await this.knex<EnvironmentRow>('local_environment').orderBy('key');
  }
}
