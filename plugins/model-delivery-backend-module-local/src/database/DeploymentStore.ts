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
  /** JSON of a `BatchJob`; null where it runs as a server. */
  batch: string | null;
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
  /** JSON of a `BatchJob`; null where a server runs. */
  batch: string | null;
  /** Of the batch job: when a run is due. */
  next_due_at: string | null;
}

export function isOpen({ phase }: DeploymentRow): boolean {
  return (OPEN as readonly DeploymentPhase[]).includes(phase);
}

/** Deployments, and what is live where. */
export class DeploymentStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Stores a deployment once. @returns the one with that id, new or not. */
  async create(
    deployment: Omit<DeploymentRow, 'seq' | 'live_at' | 'finished_at'>,
  ): Promise<{ deployment: DeploymentRow; created: boolean }> {
    const inserted = await this.#knex('local_deployment')
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
    return await this.#knex<DeploymentRow>('local_deployment')
      .where({ id })
      .first();
  }

  /** Those that have not ended. */
  async open(): Promise<DeploymentRow[]> {
    return await this.#knex<DeploymentRow>('local_deployment')
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
    const count = await this.#knex('local_deployment')
      .where({ id })
      .whereIn('phase', OPEN)
      .update(change);
    return count > 0;
  }

  /** Records a split of the traffic. @returns false where the deployment has ended. */
  async shift(id: string, rollout: RolloutRow): Promise<boolean> {
    const count = await this.#knex('local_deployment')
      .where({ id })
      .whereIn('phase', OPEN)
      .update({ rollout: JSON.stringify(rollout) });
    return count > 0;
  }

  /**
   * Makes a deployment the live one of its environment.
   *
   * @param nextDueAt - of a batch job. A run that was due already stays due.
   * @returns what was live before; undefined where the deployment ended meanwhile.
   */
  async goLive(
    deployment: DeploymentRow,
    at: string,
    message: string,
    nextDueAt: string | null = null,
  ): Promise<{ before: EnvironmentRow | undefined } | undefined> {
    const { environment_key: key, batch } = deployment;
    return await this.#knex.transaction(async trx => {
      const count = await trx('local_deployment')
        .where({ id: deployment.id })
        .whereIn('phase', OPEN)
        .update({ phase: 'live', message, live_at: at, finished_at: at });
      if (count === 0) return undefined;
      const before = await trx<EnvironmentRow>('local_environment')
        .where({ key })
        .forUpdate()
        .first();
      const isDue = before?.next_due_at && before.next_due_at <= at;
      await trx('local_environment')
        .insert({
          key,
          deployment_id: deployment.id,
          version: deployment.version,
          digest: deployment.digest,
          live_at: at,
          batch,
          next_due_at: batch && isDue ? before.next_due_at : nextDueAt,
        })
        .onConflict('key')
        .merge();
      return { before };
    });
  }

  async environment(key: string): Promise<EnvironmentRow | undefined> {
    return await this.#knex<EnvironmentRow>('local_environment')
      .where({ key })
      .first();
  }

  async environments(): Promise<EnvironmentRow[]> {
    return await this.#knex<EnvironmentRow>('local_environment').orderBy('key');
  }
}
