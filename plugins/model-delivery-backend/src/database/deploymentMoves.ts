import {
  type DeploymentEffect,
  type DeploymentTrigger,
  isOpenState,
  transition,
} from '@slipway/plugin-model-delivery-common';
import type {
  DeploymentState,
  GateResult,
  OutsideWait,
  Rollout,
  TransferProgress,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  environmentKey,
  machineOf,
  type PendingEffect,
  type StoredDeployment,
} from './deploymentRows';
import {
  holderOf,
  insertEffects,
  insertEvent,
  updateSeen,
} from './deploymentWrites';
import { wakeQuestions } from './RunQuestionStore';

/** A trigger that is not legal in the deployment's state. */
export class IllegalTransitionError extends Error {
  readonly name = 'IllegalTransitionError';
}

/** What a transition records besides the state. */
export interface Move {
  trigger: DeploymentTrigger;
  message: string;
  by: string;
  /** The effect that this transition completes. */
  settles?: PendingEffect;
  deployRunId?: string | null;
  /** Left out, the roll-out stays as it is. */
  rollout?: Rollout;
  /** Left out, the deployment waits for nothing outside. */
  waitsFor?: OutsideWait;
  /** Left out, nothing is transferred. */
  transfer?: TransferProgress;
  /** As they are now; left out, they stay as they were. */
  gates?: GateResult[];
}

/** The state in which an effect is pending; in any other it is pointless and dropped. */
const PENDING_IN: Partial<Record<DeploymentEffect, DeploymentState>> = {
  dispatch: 'requested',
  shift: 'rolling-out',
  stop: 'cancelling',
  mark: 'live',
};

/**
 * Moves a deployment on, with its event and effects, in the caller's transaction. A deployment that
 * stops waiting asks nobody any more; one that frees its environment wakes what waits for that.
 *
 * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
 *   was lost.
 * @throws IllegalTransitionError
 */
export async function moveDeployment<D extends StoredDeployment>(
  trx: Knex.Transaction,
  seen: D,
  move: Move,
  now: string,
): Promise<D | undefined> {
  const result = transition(machineOf(seen), move.trigger);
  if (!result) {
    throw new IllegalTransitionError(
      `A deployment that is ${seen.state} cannot take the transition "${move.trigger}"`,
    );
  }
  const { state, endsAs, effects } = result;
  const open = isOpenState(state);
  const ended = !open && state !== 'live';
  const isPointless = (effect: DeploymentEffect) =>
    effect === move.settles?.effect || (PENDING_IN[effect] ?? state) !== state;
  // Before the row's own update, which locks the model: every transaction locks deployments first, so
  // that no two of them wait for each other. Waking in vain does no harm.
  if (isOpenState(seen.state) && !open) await wakeWaiting(trx, seen, now);
  const moved = await updateSeen(trx, seen, {
    state,
    ends_as: endsAs,
    message: move.message,
    ...(move.gates && { gates: JSON.stringify(move.gates) }),
    ...(move.deployRunId !== undefined && {
      deploy_run_id: move.deployRunId,
    }),
    ...(move.rollout && { rollout: JSON.stringify(move.rollout) }),
    waits_for: move.waitsFor ? JSON.stringify(move.waitsFor) : null,
    transfer: move.transfer ? JSON.stringify(move.transfer) : null,
    ...(seen.problem && isPointless(seen.problem.effect) && { problem: null }),
    open_key: open ? environmentKey(seen) : null,
    open_target: open ? seen.targetKey : null,
    // No transition leads to `waiting`.
    waits: null,
    waiting_key: null,
    waiting_target: null,
    ...(state === 'live' && { live_at: now }),
    ...(ended && !seen.finishedAt && { finished_at: now }),
    moved_at: now,
    due_at: open || effects.length > 0 ? now : null,
  });
  if (!moved) return undefined;
  await settleBy(trx, seen.id, state, move.settles, now);
  await insertEvent(trx, seen, now, {
    state,
    by: move.by,
    message: move.message,
  });
  await insertEffects(trx, seen.id, { state, effects }, now);
  await wakeQuestions(trx, seen.id, now);
  if (seen.state === 'waiting') {
    await trx('deployment_reviewer').where('deployment_id', seen.id).delete();
  }
  return moved;
}

/**
 * Releases a deployment unless another one is open there; it then goes on waiting, and the end of the
 * other one wakes it.
 */
export async function releaseDeployment<D extends StoredDeployment>(
  trx: Knex.Transaction,
  seen: D,
  message: string,
  now: string,
): Promise<D | undefined> {
  const first = await holderOf(trx, seen);
  if (!first) {
    return moveDeployment(
      trx,
      seen,
      { trigger: 'release', message, by: 'system' },
      now,
    );
  }
  const other =
    first.entityRef === seen.entityRef
      ? `the deployment of ${first.version}`
      : 'the deployment of another model to the same target';
  const busy = `${message} It starts when ${other} has ended.`;
  if (seen.message === busy) return seen;
  const noted = await updateSeen(trx, seen, { message: busy });
  if (noted) {
    await insertEvent(trx, seen, now, {
      state: 'waiting',
      by: 'system',
      message: busy,
    });
  }
  return noted;
}

/** Settles the effect that a transition completed, and drops those that it made pointless. */
async function settleBy(
  trx: Knex.Transaction,
  deploymentId: string,
  state: DeploymentState,
  done: PendingEffect | undefined,
  now: string,
): Promise<void> {
  if (done) {
    await trx('deployment_effect')
      .where('id', done.id)
      .update({ settled_at: now, outcome: 'done' });
  }
  const pointless = Object.entries(PENDING_IN)
    .filter(([, pendingIn]) => pendingIn !== state)
    .map(([effect]) => effect);
  await trx('deployment_effect')
    .where('deployment_id', deploymentId)
    .whereNull('settled_at')
    .whereIn('effect', pointless)
    .update({ settled_at: now, outcome: 'dropped' });
}

/** Makes what waits for an environment, or for its physical target, due now. */
async function wakeWaiting(
  trx: Knex.Transaction,
  freed: StoredDeployment,
  now: string,
): Promise<void> {
  await trx('deployment')
    .where('waiting_key', environmentKey(freed))
    .orWhere('waiting_target', freed.targetKey)
    // Raised, so that a step that runs now does not put its own time in the place of this one.
    .update({ due_at: now, revision: trx.raw('revision + 1') });
}
