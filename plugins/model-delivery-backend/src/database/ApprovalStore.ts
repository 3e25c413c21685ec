import type {
  Approval,
  GateWait,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { type ApprovalRow, toApproval } from './approvalRows';
import { decodeCursor, encodeCursor } from './cursor';
import { moveDeployment, releaseDeployment } from './deploymentMoves';
import {
  type DeploymentRow,
  fromRow,
  type StoredDeployment,
} from './deploymentRows';
import { insertEvent, updateSeen } from './deploymentWrites';
import type { Restriction } from './FleetCounts';
import { setReviewers } from './reviewers';

/** What a person decides on: a deployment as that person saw it. */
export interface Decision {
  deploymentId: string;
  digest: string | null;
  gateHash: string;
  by: string;
  reason: string | null;
}

/** What an approval leads to, from how many approvals count with it. */
export interface Approved {
  event: string;
  /** What still holds the deployment back. */
  waits: GateWait[];
  message: string;
}

/** People's decisions on deployments that wait. */
export class ApprovalStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Oldest first, those that lapsed included. */
  async of(deploymentId: string): Promise<Approval[]> {
    const rows: ApprovalRow[] = await this.#knex('deployment_approval')
      .where('deployment_id', deploymentId)
      .orderBy('id');
    return rows.map(toApproval);
  }

  /**
   * Records an approval. The one that completes what is required releases the deployment in the same
   * transaction. A second approval of one person changes nothing.
   *
   * @returns the deployment as it is now, or undefined where it no longer waits with the digest and
   *   the gate results that the person saw.
   */
  async approve(
    decision: Decision,
    outcomeOf: (counted: number) => Approved,
    now: string,
  ): Promise<StoredDeployment | undefined> {
    return this.#knex.transaction(async trx => {
      const seen = await lock(trx, decision);
      if (!seen) return undefined;
      const counted: ApprovalRow[] = await trx('deployment_approval')
        .where({ deployment_id: seen.id, decision: 'approve' })
        .whereNull('lapsed_at');
      if (counted.some(row => row.by === decision.by)) return seen;
      await insert(trx, decision, 'approve', now);
      const { event, waits, message } = outcomeOf(counted.length + 1);
      await insertEvent(trx, seen, now, {
        state: 'waiting',
        by: decision.by,
        message: event,
      });
      const noted = await updateSeen(trx, seen, {
        waits: JSON.stringify(waits),
        message,
        due_at: now,
      });
      if (!noted) return undefined;
      if (waits.every(wait => wait.kind !== 'approvals')) {
        await setReviewers(trx, seen, []);
      }
      return waits.length === 0
        ? releaseDeployment(trx, noted, message, now)
        : noted;
    });
  }

  /**
   * Records a rejection and ends the deployment.
   *
   * @returns the deployment as it is now, or undefined where it no longer waits with the digest and
   *   the gate results that the person saw.
   */
  async reject(
    decision: Decision,
    message: string,
    now: string,
  ): Promise<StoredDeployment | undefined> {
    return this.#knex.transaction(async trx => {
      const seen = await lock(trx, decision);
      if (!seen) return undefined;
      await trx('deployment_approval')
        .where({ deployment_id: seen.id, by: decision.by })
        .whereNull('lapsed_at')
        .update({
          lapsed_at: now,
          lapsed_why: 'The same person rejected it later.',
          open_key: null,
        });
      await insert(trx, decision, 'reject', now);
      return moveDeployment(
        trx,
        seen,
        { trigger: 'reject', message, by: decision.by },
        now,
      );
    });
  }

  /**
   * The deployments that wait for a decision of a person: those that ask the person or a group of
   * theirs, without the person's own requests and those that the person approved.
   */
  async waitingFor(
    person: { by: string; ownership: string[] },
    visible: Restriction | undefined,
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredDeployment[]; nextCursor?: string }> {
    const asked = this.#knex('deployment_reviewer')
      .distinct('deployment_reviewer.requested_at', 'deployment.id')
      .join('deployment', 'deployment.id', 'deployment_reviewer.deployment_id')
      .whereIn('deployment_reviewer.reviewer', person.ownership)
      .whereNot('deployment.requested_by', person.by)
      .whereNotExists(
        this.#knex('deployment_approval')
          .select('id')
          .whereRaw('deployment_approval.deployment_id = deployment.id')
          .where('by', person.by)
          .whereNull('lapsed_at'),
      )
      .modify(query => {
        if (!visible) return;
        query.join(
          'model_summary',
          'model_summary.entity_ref',
          'deployment.entity_ref',
        );
        visible(query, 'in-order');
      })
      .modify(query => {
        if (!page.cursor) return;
        const [at, id] = decodeCursor(page.cursor);
        query.andWhere(q =>
          q
            .where('deployment_reviewer.requested_at', '<', at ?? '')
            .orWhere(tie =>
              tie
                .where('deployment_reviewer.requested_at', at)
                .where('deployment.id', '<', id),
            ),
        );
      })
      .orderBy([
        { column: 'deployment_reviewer.requested_at', order: 'desc' },
        { column: 'deployment.id', order: 'desc' },
      ])
      .limit(page.limit + 1);
    const keys: { requested_at: string; id: string }[] = await asked;
    const shown = keys.slice(0, page.limit);
    const last = shown.at(-1);
    const rows: DeploymentRow[] = await this.#knex('deployment').whereIn(
      'id',
      shown.map(key => key.id),
    );
    const byId = new Map(rows.map(row => [row.id, fromRow(row)]));
    return {
      items: shown.flatMap(key => byId.get(key.id) ?? []),
      nextCursor:
        keys.length > shown.length && last
          ? encodeCursor([last.requested_at, last.id])
          : undefined,
    };
  }
}

/**
 * Lets the approvals of a deployment lapse, with an event for each.
 *
 * @returns how many there were.
 */
export async function lapseApprovals(
  trx: Knex.Transaction,
  of: StoredDeployment,
  why: string,
  now: string,
): Promise<number> {
  const lapsed: { by: string }[] = await trx('deployment_approval')
    .where('deployment_id', of.id)
    .whereNull('lapsed_at')
    .update({ lapsed_at: now, lapsed_why: why, open_key: null })
    .returning('by');
  for (const { by } of lapsed) {
    await insertEvent(trx, of, now, {
      state: 'waiting',
      by: 'system',
      message: `The approval of ${by} lapsed: ${why}`,
    });
  }
  return lapsed.length;
}

/**
 * Holds the row until the transaction ends, so that of many decisions at once each sees the ones
 * before.
 */
async function lock(
  trx: Knex.Transaction,
  { deploymentId, digest, gateHash }: Decision,
): Promise<StoredDeployment | undefined> {
  const row: DeploymentRow | undefined = await trx('deployment')
    .where({ id: deploymentId, state: 'waiting', gate_hash: gateHash })
    .forUpdate()
    .first();
  return row && row.digest === digest ? fromRow(row) : undefined;
}

async function insert(
  trx: Knex.Transaction,
  { deploymentId, digest, gateHash, by, reason }: Decision,
  decision: Approval['decision'],
  now: string,
): Promise<void> {
  await trx('deployment_approval').insert({
    deployment_id: deploymentId,
    by,
    decision,
    reason,
    at: now,
    digest,
    gate_hash: gateHash,
    open_key: `${deploymentId}|${by}`,
  });
}
