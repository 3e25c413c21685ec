import type {
  OutsideWait,
  TransferProgress,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  type DeploymentRow as Row,
  fromRow,
  type HeldDeployment,
  type StoredDeployment,
} from './deploymentRows';
import { type GoLive, makeLive } from './deploymentLive';
import { type Move, moveDeployment } from './deploymentMoves';
import { insertEvent, updateSeen } from './deploymentWrites';
import { Leases, RELEASED } from './Leases';

/** What a provider tells within one state. */
export interface Note {
  message: string;
  deployRunId: string | null;
  waitsFor: OutsideWait | null;
  transfer: TransferProgress | null;
}

/**
 * Carries deployments from state to state. Every write names the revision that its writer saw and,
 * where the writer holds a lease, the lease's token; it changes nothing when either is outdated. A
 * transition writes the row, its event and its effects in one transaction.
 */
export class DeploymentExecution {
  readonly #knex: Knex;
  readonly #leases: Leases<Row>;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#leases = new Leases<Row>(knex, 'deployment', ['id']);
  }

  /** How many deployments are due, by provider. One query on an index of what is due alone. */
  async dueByProvider(now: string): Promise<Map<string, number>> {
    const rows: { provider: string; due: number | string }[] = await this.#knex(
      'deployment',
    )
      .select('provider')
      .count({ due: '*' })
      .where('due_at', '<=', now)
      .andWhere(q =>
        q.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .groupBy('provider');
    return new Map(rows.map(row => [row.provider, Number(row.due)]));
  }

  /** Makes the open deployments of a provider due now, after it reported a change. */
  async markDue(
    filter: { provider: string; entityRef?: string },
    now: string,
  ): Promise<void> {
    const { provider, entityRef } = filter;
    await this.#knex('deployment')
      .where('provider', provider)
      .whereIn('state', ['in-progress', 'verifying', 'rolling-out'])
      .where('due_at', '>', now)
      .modify(query => {
        if (entityRef) query.where('entity_ref', entityRef);
      })
      .update({ due_at: now });
  }

  /** When a deployment that nobody holds is due next; null where none is. */
  async nextDueAt(now: string): Promise<string | null> {
    return this.#leases.nextDueAt(now);
  }

  /** Claims due deployments of one provider, those due longest first. */
  async claim(
    provider: string,
    lease: { now: string; until: string; limit: number },
  ): Promise<HeldDeployment[]> {
    const rows = await this.#leases.claim(
      query =>
        query
          .where('due_at', '<=', lease.now)
          .where('provider', provider)
          .orderBy('due_at'),
      lease,
    );
    return rows.map(row => ({
      ...fromRow(row),
      leaseToken: row.lease_token,
    }));
  }

  /** @returns false when the lease was lost. */
  async renew(held: HeldDeployment, until: string): Promise<boolean> {
    return this.#leases.renew({ id: held.id }, held.leaseToken, until);
  }

  /**
   * Ends a lease.
   *
   * @param dueAt - when there is something to do next; ignored where the row changed meanwhile, since
   *   that change set its own time.
   */
  async release(held: HeldDeployment, dueAt: string | null): Promise<void> {
    const mine = () =>
      this.#knex('deployment').where({
        id: held.id,
        lease_token: held.leaseToken,
      });
    const unchanged = await mine()
      .where('revision', held.revision)
      .update({ ...RELEASED, due_at: dueAt });
    if (unchanged === 0) await mine().update(RELEASED);
  }

  /**
   * Records that an attempt to send the order begins, before it does.
   *
   * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
   *   was lost.
   */
  async beginDispatch<D extends StoredDeployment>(
    seen: D,
    now: string,
  ): Promise<D | undefined> {
    if (seen.dispatchedAt) return seen;
    return this.#knex.transaction(trx =>
      updateSeen(trx, seen, { dispatched_at: now }),
    );
  }

  /**
   * Moves a deployment on, with its event and effects.
   *
   * @returns the deployment as it is now, or undefined when it changed since it was seen or the lease
   *   was lost.
   * @throws IllegalTransitionError
   */
  async transition<D extends StoredDeployment>(
    seen: D,
    move: Move,
    now: string,
  ): Promise<D | undefined> {
    return this.#knex.transaction(trx => moveDeployment(trx, seen, move, now));
  }

  /** Makes a deployment live, all or nothing. */
  async goLive<D extends StoredDeployment>(
    seen: D,
    move: GoLive,
    now: string,
  ): Promise<D | undefined> {
    return this.#knex.transaction(trx => makeLive(trx, seen, move, now));
  }

  /**
   * Records what a provider tells within one state.
   *
   * @param event - whether it becomes an event of the deployment.
   */
  async note<D extends StoredDeployment>(
    seen: D,
    note: Note,
    event: boolean,
    now: string,
  ): Promise<D | undefined> {
    return this.#knex.transaction(async trx => {
      const noted = await updateSeen(trx, seen, {
        message: note.message,
        deploy_run_id: note.deployRunId,
        waits_for: note.waitsFor && JSON.stringify(note.waitsFor),
        transfer: note.transfer && JSON.stringify(note.transfer),
        moved_at: now,
      });
      if (noted && event) {
        const { state } = seen;
        const { message } = note;
        await insertEvent(trx, seen, now, { state, by: 'system', message });
      }
      return noted;
    });
  }
}
