import type { DeploymentEffect } from '@slipway/plugin-model-delivery-common';
import type { EffectProblem } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  environmentKey,
  type HeldDeployment,
  type PendingEffect,
  type StoredDeployment,
} from './deploymentRows';
import { insertEffects, insertEvent, updateSeen } from './deploymentWrites';

/** Retries double from the first pause to the longest, in milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

const TITLES: Record<DeploymentEffect, string> = {
  dispatch: 'Starting the deployment',
  shift: 'Shifting the traffic',
  stop: 'Cancelling the deployment in the outside system',
  mark: 'Updating the alias in the registry',
  'bring-back': 'Bringing back the live version',
  reconsider: 'Considering automatic deliveries',
  notify: 'Notifying people',
};

/** The outbox: effects that transitions caused and that are still to happen. */
export class EffectStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** In the order in which they were caused. */
  async pending(deploymentId: string): Promise<PendingEffect[]> {
    const rows = await this.#knex('deployment_effect')
      .where('deployment_id', deploymentId)
      .whereNull('settled_at')
      .orderBy('id');
    return rows.map(row => ({
      id: Number(row.id),
      effect: row.effect,
      state: row.state,
      dueAt: row.due_at,
      attempts: Number(row.attempts),
      error: row.error,
    }));
  }

  /**
   * Settles an effect that causes no transition.
   *
   * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
   *   was lost.
   */
  async settle<D extends StoredDeployment>(
    seen: D,
    effect: PendingEffect,
    now: string,
  ): Promise<D | undefined> {
    return this.#knex.transaction(async trx => {
      const settled = await updateSeen(
        trx,
        seen,
        seen.problem?.effect === effect.effect ? { problem: null } : {},
      );
      if (settled) {
        await trx('deployment_effect')
          .where('id', effect.id)
          .update({ settled_at: now, outcome: 'done' });
      }
      return settled;
    });
  }

  /** Tries an effect again later, without counting a failure. */
  async postpone(
    held: HeldDeployment,
    effect: PendingEffect,
    dueAt: string,
  ): Promise<void> {
    await this.#knex('deployment_effect')
      .where('id', effect.id)
      .whereNull('settled_at')
      .whereIn(
        'deployment_id',
        this.#knex('deployment')
          .select('id')
          .where({ id: held.id, lease_token: held.leaseToken }),
      )
      .update({ due_at: dueAt });
  }

  /**
   * Records that an effect failed, when it is tried again, and, where the error is a new one, an
   * event that says so.
   *
   * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
   *   was lost.
   */
  async failed<D extends StoredDeployment>(
    seen: D,
    effect: PendingEffect,
    message: string,
    now: Date,
  ): Promise<D | undefined> {
    const attempts = effect.attempts + 1;
    const pauseMs = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(20, effect.attempts),
    );
    const problem: EffectProblem = {
      effect: effect.effect,
      message,
      attempts,
      nextTryAt: new Date(now.getTime() + pauseMs).toISOString(),
    };
    return this.#knex.transaction(async trx => {
      const noted = await updateSeen(trx, seen, {
        problem: JSON.stringify(problem),
      });
      if (!noted) return undefined;
      await trx('deployment_effect')
        .where('id', effect.id)
        .update({ attempts, error: message, due_at: problem.nextTryAt });
      if (message !== effect.error) {
        await insertEvent(trx, seen, now.toISOString(), {
          state: seen.state,
          by: 'system',
          message: `${TITLES[effect.effect]} failed and is retried: ${message}`,
        });
      }
      return noted;
    });
  }

  /**
   * Queues the mark of what is live in an environment once more: the mark of an earlier version may
   * have reached the registry after it.
   */
  async markAgain(
    of: { entityRef: string; environment: string },
    now: string,
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const interval = await trx('live_interval')
        .where('open_key', environmentKey(of))
        .first();
      if (!interval) return;
      const { deployment_id: id } = interval;
      const count = await trx('deployment')
        .where({ id, state: 'live' })
        .update({ due_at: now, revision: trx.raw('revision + 1') });
      if (count > 0)
        await insertEffects(trx, id, { state: 'live', effects: ['mark'] }, now);
    });
  }
}
