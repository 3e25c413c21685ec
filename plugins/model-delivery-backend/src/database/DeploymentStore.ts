import {
  type DeploymentEvent,
  type DeploymentState,
  OPEN_STATES,
  type OutsideWait,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  type DeploymentRow as Row,
  fromRow,
  type NewDeployment,
  type StoredDeployment,
  toRow,
} from './deploymentRows';
import { newestFirst } from './newestFirst';

/** Where a deployment goes, and why. */
interface Move {
  state: DeploymentState;
  message: string;
  by: string;
  /** The run that carries it out, once that is known. */
  runId?: string | null;
  /** Left out, it waits for nothing outside. */
  waitsFor?: OutsideWait;
  /** Whether the outside system is to be told that it ended. */
  stop?: boolean;
}

const openKey = (entityRef: string, environment: string) =>
  `${entityRef}|${environment}`;

/** A second open deployment of one model and environment. */
export class AlreadyOpenError extends Error {
  constructor(readonly first: StoredDeployment) {
    super('A deployment is open already');
  }
}

/** Deployments and their append-only events. */
export class DeploymentStore {
  constructor(private readonly knex: Knex) {}

  /**
   * Writes a request with its first event and its idempotency key in one transaction.
   *
   * @returns the stored deployment, which is an earlier one where the key was used before.
   * @throws AlreadyOpenError naming the first one.
   */
  async create(
    value: NewDeployment,
    idempotencyKey: string,
    now: string,
  ): Promise<{ deployment: StoredDeployment; created: boolean }> {
    try {
      return await this.#insert(value, idempotencyKey, now);
    } catch (error) {
      // On PostgreSQL two may pass the checks at once; a unique index then stops the second.
      const used = await this.byIdempotencyKey(value.entityRef, idempotencyKey);
      if (used) return { deployment: used, created: false };
      const open = await this.openOf(value.entityRef);
      const first = open.find(d => d.environment === value.environment);
      if (first) throw new AlreadyOpenError(first);
      throw error;
    }
  }

  async #insert(
    value: NewDeployment,
    idempotencyKey: string,
    now: string,
  ): Promise<{ deployment: StoredDeployment; created: boolean }> {
    const scope = `deployment:${value.entityRef}`;
    const open = OPEN_STATES.includes(value.state);
    return this.knex.transaction(async trx => {
      const used = await trx('idempotency_key')
        .where({ scope, key: idempotencyKey })
        .first();
      if (used) {
        const row: Row = await trx('deployment')
          .where('id', used.answer)
          .first();
        return { deployment: fromRow(row), created: false };
      }
      if (open) {
        const first: Row | undefined = await trx('deployment')
          .where('open_key', openKey(value.entityRef, value.environment))
          .first();
        if (first) throw new AlreadyOpenError(fromRow(first));
      }
      const row = toRow(
        value,
        open ? openKey(value.entityRef, value.environment) : null,
        now,
      );
      await trx('deployment').insert(row);
      await trx('deployment_event').insert({
        deployment_id: value.id,
        at: now,
        state: value.state,
        by: value.requestedBy,
        message: value.message,
      });
      await trx('idempotency_key').insert({
        scope,
        key: idempotencyKey,
        answer: value.id,
        created_at: now,
      });
      await trx('model')
        .where('entity_ref', value.entityRef)
        .update({ dirty: 1 });
      return { deployment: fromRow(row), created: true };
    });
  }

  /** The deployment that a key made, if it was used before. */
  async byIdempotencyKey(
    entityRef: string,
    key: string,
  ): Promise<StoredDeployment | undefined> {
    const row: Row | undefined = await this.knex('idempotency_key')
      .join('deployment', 'deployment.id', 'idempotency_key.answer')
      .where({ scope: `deployment:${entityRef}`, key })
      .select('deployment.*')
      .first();
    return row && fromRow(row);
  }

  async get(id: string): Promise<StoredDeployment | undefined> {
    const row: Row | undefined = await this.knex('deployment')
      .where({ id })
      .first();
    return row && fromRow(row);
  }

  async events(id: string): Promise<DeploymentEvent[]> {
    return this.knex('deployment_event')
      .select('at', 'state', 'by', 'message')
      .where('deployment_id', id)
      .orderBy('id');
  }

  async list(
    entityRef: string,
    filter: { environment?: string; action?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredDeployment[]; nextCursor?: string }> {
    const query = this.knex('deployment')
      .where('entity_ref', entityRef)
      .modify(q => {
        if (filter.environment) q.where('environment', filter.environment);
        if (filter.action) q.where('action', filter.action);
      });
    const { rows, nextCursor } = await newestFirst<Row>(
      query,
      { at: 'requested_at', id: 'id' },
      page,
    );
    return { items: rows.map(fromRow), nextCursor };
  }

  async openOf(entityRef: string): Promise<StoredDeployment[]> {
    const rows: Row[] = await this.knex('deployment')
      .where('entity_ref', entityRef)
      .whereNotNull('open_key');
    return rows.map(fromRow);
  }

  /**
   * Takes deployments that something is to be done about and that no process follows at the moment:
   * those looked at longest ago first, so that many that wait for days hold up no other.
   */
  async claimOpen(
    now: string,
    leaseUntil: string,
  ): Promise<StoredDeployment[]> {
    const free = (q: Knex.QueryBuilder) =>
      q.whereNull('lease_until').orWhere('lease_until', '<=', now);
    const rows: Row[] = await this.knex('deployment')
      .where(q =>
        q
          .whereNotNull('open_key')
          .orWhereNotNull('stop_asked_at')
          .orWhere(live => live.where('state', 'live').whereNull('marked_at')),
      )
      .andWhere(free)
      // For SQLite, Knex makes of the first no more than nulls before others.
      .orderBy('lease_until', 'asc', 'first')
      .orderBy('lease_until')
      .limit(50);
    const claimed: StoredDeployment[] = [];
    for (const row of rows) {
      const won = await this.knex('deployment')
        .where('id', row.id)
        .andWhere(free)
        .update({ lease_until: leaseUntil });
      if (won > 0) claimed.push(fromRow(row));
    }
    return claimed;
  }

  /** Lets it be taken again from then on. */
  async release(id: string, from: string): Promise<void> {
    await this.knex('deployment').where({ id }).update({ lease_until: from });
  }

  /**
   * Moves a deployment on, with its event, if it is still in the state the caller saw.
   *
   * @returns false when somebody else moved it first.
   */
  async transition(
    seen: StoredDeployment,
    to: Move,
    now: string,
  ): Promise<boolean> {
    return this.knex.transaction(async trx => {
      const moved = await this.#move(trx, seen, to, now);
      return moved;
    });
  }

  /**
   * Makes a deployment live: closes what was live, opens its own interval, all or nothing.
   *
   * @returns false when somebody else moved it first.
   */
  async goLive(
    seen: StoredDeployment,
    live: { digest: string | null; message: string; at: string },
  ): Promise<boolean> {
    const key = openKey(seen.entityRef, seen.environment);
    return this.knex.transaction(async trx => {
      const moved = await this.#move(
        trx,
        seen,
        { state: 'live', message: live.message, by: seen.requestedBy },
        live.at,
      );
      if (!moved) return false;
      const endedBy = seen.action === 'rollback' ? 'rolled-back' : 'superseded';
      const before = await trx('live_interval').where('open_key', key).first();
      if (before) {
        await trx('live_interval')
          .where('id', before.id)
          .update({ to: live.at, open_key: null, ended_by: endedBy });
        const previous: Row | undefined = await trx('deployment')
          .where('id', before.deployment_id)
          .first();
        if (previous?.state === 'live') {
          await this.#move(
            trx,
            fromRow(previous),
            {
              state: endedBy,
              message: `${
                endedBy === 'rolled-back' ? 'Rolled back to' : 'Replaced by'
              } ${seen.version}`,
              by: seen.requestedBy,
            },
            live.at,
          );
        }
      }
      await trx('live_interval').insert({
        entity_ref: seen.entityRef,
        environment: seen.environment,
        version: seen.version,
        digest: live.digest,
        from: live.at,
        to: null,
        by: seen.requestedBy,
        automatic: seen.automatic ? 1 : 0,
        reason: seen.reason,
        deployment_id: seen.id,
        open_key: key,
      });
      return true;
    });
  }

  /** The outside system was told that this deployment has ended. */
  async setStopped(id: string): Promise<void> {
    await this.knex('deployment').where({ id }).update({ stop_asked_at: null });
  }

  /** The registry was told that this deployment is live. */
  async setMarked(id: string, now: string): Promise<void> {
    await this.knex('deployment').where({ id }).update({ marked_at: now });
  }

  async #move(
    trx: Knex.Transaction,
    seen: StoredDeployment,
    to: Move,
    now: string,
  ): Promise<boolean> {
    const open = OPEN_STATES.includes(to.state);
    const ended = !open && to.state !== 'live';
    const count = await trx('deployment')
      .where({ id: seen.id, state: seen.state })
      .update({
        state: to.state,
        message: to.message,
        ...(to.runId === undefined ? {} : { run_id: to.runId }),
        open_key: open ? openKey(seen.entityRef, seen.environment) : null,
        ...(to.state === 'live' ? { live_at: now } : {}),
        ...(ended && !seen.finishedAt ? { finished_at: now } : {}),
        moved_at: now,
        waits_for: to.waitsFor ? JSON.stringify(to.waitsFor) : null,
        ...(to.stop ? { stop_asked_at: now } : {}),
      });
    if (count === 0) return false;
    await trx('deployment_event').insert({
      deployment_id: seen.id,
      at: now,
      state: to.state,
      by: to.by,
      message: to.message,
    });
    await trx('model').where('entity_ref', seen.entityRef).update({ dirty: 1 });
    return true;
  }
}
