import type {
  DeploymentEffect,
  DeploymentState,
} from '@slipway/plugin-model-delivery-common';
import type { DeploymentEvent } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  type DeploymentRow,
  environmentKey,
  fromRow,
  type HeldDeployment,
  type StoredDeployment,
} from './deploymentRows';
import { appendHistory } from './HistoryStore';
import { recordModelChange } from './modelChanges';

/**
 * Updates a deployment if it is still the one that the writer saw and, where the writer holds a
 * lease, the lease is still its own. Raises the revision.
 *
 * @returns the deployment as it is now, or undefined where nothing was written.
 */
export async function updateSeen<D extends StoredDeployment | HeldDeployment>(
  trx: Knex.Transaction,
  seen: D,
  change: Partial<DeploymentRow>,
): Promise<D | undefined> {
  const [row]: DeploymentRow[] = await trx('deployment')
    .where({ id: seen.id, revision: seen.revision })
    .modify(query => {
      if ('leaseToken' in seen) query.where('lease_token', seen.leaseToken);
    })
    .update({ ...change, revision: seen.revision + 1 })
    .returning('*');
  if (!row) return undefined;
  await recordModelChange(trx, seen.entityRef);
  return { ...seen, ...fromRow(row) };
}

/** The open deployment of the same environment or the same physical target. */
export async function holderOf(
  knex: Knex,
  of: Pick<StoredDeployment, 'entityRef' | 'environment' | 'targetKey'>,
): Promise<StoredDeployment | undefined> {
  const row: DeploymentRow | undefined = await knex('deployment')
    .where('open_key', environmentKey(of))
    .orWhere('open_target', of.targetKey)
    .first();
  return row && fromRow(row);
}

/**
 * Appends an event of a deployment, and the entry of the model's history that says the same, in the
 * transaction of the change that it records.
 */
export async function insertEvent(
  trx: Knex.Transaction,
  of: StoredDeployment,
  at: string,
  event: Omit<DeploymentEvent, 'at'>,
): Promise<void> {
  await trx('deployment_event').insert({ deployment_id: of.id, at, ...event });
  await appendHistory(trx, of.entityRef, {
    at,
    by: event.by,
    what: `${of.action} ${event.state}`,
    outcome: 'done',
    environment: of.environment,
    deploymentId: of.id,
    from: of.fromVersion,
    to: of.version,
    reason: of.reason,
    message: event.message,
  });
}

/** Queues effects, in the transaction of the transition that causes them. */
export async function insertEffects(
  trx: Knex.Transaction,
  deploymentId: string,
  caused: { state: DeploymentState; effects: readonly DeploymentEffect[] },
  now: string,
): Promise<void> {
  const { state, effects } = caused;
  if (effects.length === 0) return;
  await trx('deployment_effect').insert(
    effects.map(effect => ({
      deployment_id: deploymentId,
      effect,
      state,
      queued_at: now,
      due_at: now,
    })),
  );
}
