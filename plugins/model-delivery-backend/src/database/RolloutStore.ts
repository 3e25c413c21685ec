import type { Rollout } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import type { PendingEffect, StoredDeployment } from './deploymentRows';
import { updateSeen } from './deploymentWrites';

/**
 * Records how a roll-out goes within a step. What begins or ends a step is a transition. Every write
 * answers with the deployment as it is now, or undefined when it changed since it was seen or the lease
 * was lost.
 */
export class RolloutStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Records the newest analysis of the step that runs. It is no event. */
  async observed<D extends StoredDeployment>(
    seen: D,
    rollout: Rollout,
  ): Promise<D | undefined> {
    return this.#knex.transaction(trx =>
      updateSeen(trx, seen, { rollout: JSON.stringify(rollout) }),
    );
  }

  /** Settles the effect that shifted the traffic, and with it begins the step. */
  async shifted<D extends StoredDeployment>(
    seen: D,
    effect: PendingEffect,
    rollout: Rollout,
    now: string,
  ): Promise<D | undefined> {
    return this.#knex.transaction(async trx => {
      const shifted = await updateSeen(trx, seen, {
        rollout: JSON.stringify(rollout),
        ...(seen.problem?.effect === effect.effect && { problem: null }),
      });
      if (shifted) {
        await trx('deployment_effect')
          .where('id', effect.id)
          .update({ settled_at: now, outcome: 'done' });
      }
      return shifted;
    });
  }
}
