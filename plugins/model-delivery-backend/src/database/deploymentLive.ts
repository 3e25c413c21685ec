import type { Knex } from 'knex';
import { type Move, moveDeployment } from './deploymentMoves';
import {
  type DeploymentRow,
  environmentKey,
  fromRow,
  type StoredDeployment,
} from './deploymentRows';

/** What going live records. */
export type GoLive = Omit<Move, 'trigger' | 'by'> & { digest: string | null };

interface OpenInterval {
  id: number;
  entity_ref: string;
  version: string;
  deployment_id: string;
}

/**
 * Makes a deployment live in the caller's transaction: ends what was live in its environment or on its
 * target, whichever model that belonged to, and opens its own interval.
 *
 * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
 *   was lost.
 */
export async function makeLive<D extends StoredDeployment>(
  trx: Knex.Transaction,
  seen: D,
  move: GoLive,
  now: string,
): Promise<D | undefined> {
  const moved = await moveDeployment(
    trx,
    seen,
    { ...move, trigger: 'go-live', by: seen.requestedBy },
    now,
  );
  if (!moved) return undefined;
  const open: OpenInterval[] = await trx('live_interval')
    .where('open_key', environmentKey(seen))
    .orWhere('open_target', seen.targetKey)
    .forUpdate();
  for (const interval of open) await endInterval(trx, interval, seen, now);
  await trx('live_interval').insert({
    entity_ref: seen.entityRef,
    environment: seen.environment,
    version: seen.version,
    digest: move.digest,
    from: now,
    to: null,
    by: seen.requestedBy,
    automatic: seen.automatic ? 1 : 0,
    reason: seen.reason,
    deployment_id: seen.id,
    open_key: environmentKey(seen),
    open_target: seen.targetKey,
  });
  return moved;
}

async function endInterval(
  trx: Knex.Transaction,
  interval: OpenInterval,
  by: StoredDeployment,
  now: string,
): Promise<void> {
  const same = interval.entity_ref === by.entityRef;
  // A version that is brought back undoes nothing of itself.
  const rollback =
    by.action === 'rollback' && same && interval.version !== by.version;
  await trx('live_interval')
    .where('id', interval.id)
    .update({
      to: now,
      open_key: null,
      open_target: null,
      ended_by: rollback ? 'rolled-back' : 'superseded',
    });
  const row: DeploymentRow | undefined = await trx('deployment')
    .where('id', interval.deployment_id)
    .forUpdate()
    .first();
  if (row?.state !== 'live') return;
  const next = same ? by.version : `${by.version} of ${by.entityRef}`;
  await moveDeployment(
    trx,
    fromRow(row),
    {
      trigger: rollback ? 'roll-back' : 'supersede',
      message: rollback ? `Rolled back to ${next}` : `Replaced by ${next}`,
      by: by.requestedBy,
    },
    now,
  );
}
