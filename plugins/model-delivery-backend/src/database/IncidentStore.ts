import { randomUUID } from 'node:crypto';
import {
  type FeedbackRule,
  type Incident,
  type IncidentCause,
  type IncidentEvent,
  type IncidentPhase,
  incidentEvent,
  type JudgedSample,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  fromIncidentRow,
  type HeldIncident,
  type IncidentRow,
  insertIncidentEvents,
  type NewIncidentEvent,
  type StoredIncident,
} from './incidentRows';
import { Leases, RELEASED } from './Leases';
import { newestFirst } from './newestFirst';

const DAY_MS = 86_400_000;

/** Why a training could not begin: another one is open, or the day's budget is spent. */
export type RetrainRefusal = 'busy' | 'spent';

/** What a step changes about an incident. What is left out stays. */
export interface IncidentMove {
  phase?: IncidentPhase;
  message?: string;
  runId?: string;
  candidate?: string;
  deploymentId?: string | null;
  actedAt?: string;
  /** Gives the training back to the day's budget, since nothing was trained. */
  notRetrained?: boolean;
  cause?: IncidentCause;
  /** When there is something to do next; null where there is nothing until something happens. */
  dueAt: string | null;
  events: NewIncidentEvent[];
}

/** Undoes a transaction in which a rule turned out not to allow what it wrote. */
class Refused extends Error {}

/** Incidents and their threads. */
export class IncidentStore {
  readonly #knex: Knex;
  readonly #leases: Leases<IncidentRow>;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#leases = new Leases<IncidentRow>(knex, 'incident', ['id']);
  }

  /** The newest incident of each of these rules of a model, by rule. */
  async newestOf(
    entityRef: string,
    ruleKeys: string[],
  ): Promise<Map<string, StoredIncident>> {
    const newest = this.#knex('incident')
      .select('rule_key')
      .max({ number: 'number' })
      .where('entity_ref', entityRef)
      .whereIn('rule_key', ruleKeys)
      .groupBy('rule_key')
      .as('newest');
    const rows: IncidentRow[] = await this.#knex('incident')
      .select('incident.*')
      .where('incident.entity_ref', entityRef)
      .join(newest, q =>
        q
          .on('newest.rule_key', 'incident.rule_key')
          .on('newest.number', 'incident.number'),
      );
    return new Map(rows.map(row => [row.rule_key, fromIncidentRow(row)]));
  }

  /** The open incidents of a model. */
  async openOf(entityRef: string): Promise<StoredIncident[]> {
    const rows: IncidentRow[] = await this.#knex('incident')
      .where('entity_ref', entityRef)
      .whereNotNull('open_key');
    return rows.map(fromIncidentRow);
  }

  /**
   * Opens an incident, once: two replicas that see the same samples open one.
   *
   * @param number - one more than the newest incident of the rule that the caller saw.
   * @returns undefined where one is open, or was opened since.
   */
  async open(
    opened: {
      entityRef: string;
      environment: string;
      version: string | null;
      rule: FeedbackRule;
      ruleKey: string;
      number: number;
      samples: JudgedSample[];
      message: string;
    },
    now: string,
  ): Promise<string | undefined> {
    const { rule, samples, message } = opened;
    const id = randomUUID();
    return this.#knex.transaction(async trx => {
      const [row] = await trx('incident')
        .insert({
          id,
          entity_ref: opened.entityRef,
          rule_key: opened.ruleKey,
          number: opened.number,
          monitor: rule.when.monitor,
          environment: opened.environment,
          when: JSON.stringify(rule.when),
          then: rule.then,
          phase: 'acting',
          message,
          opened_at: now,
          version: opened.version,
          moved_at: now,
          open_key: `${opened.entityRef}#${opened.ruleKey}`,
          due_at: now,
        })
        .onConflict()
        .ignore()
        .returning('id');
      if (!row) return undefined;
      await insertIncidentEvents(
        trx,
        id,
        [{ type: 'opened', by: 'system', message, samples }],
        now,
      );
      return id;
    });
  }

  /** Claims incidents that are due, those due longest first. */
  async claimDue(lease: {
    now: string;
    until: string;
    limit: number;
  }): Promise<HeldIncident[]> {
    const rows = await this.#leases.claim(
      query => query.where('due_at', '<=', lease.now).orderBy('due_at'),
      lease,
    );
    return rows.map(row => ({
      ...fromIncidentRow(row),
      leaseToken: row.lease_token,
    }));
  }

  /** When an incident that nobody holds is due next; null where none is. */
  async nextDueAt(now: string): Promise<string | null> {
    return this.#leases.nextDueAt(now);
  }

  /** Ends a lease without a change, such as after a failed step. */
  async release(held: HeldIncident, dueAt: string): Promise<void> {
    await this.#knex('incident')
      .where({ id: held.id, lease_token: held.leaseToken })
      .update({ ...RELEASED, due_at: dueAt });
  }

  /**
   * Makes the open incidents of a model, or of all models, due now. It raises the revision, so that a step
   * that runs meanwhile looks again.
   */
  async markDue(entityRef: string | null, now: string): Promise<void> {
    await this.#knex('incident')
      .whereNotNull('open_key')
      .modify(query => {
        if (entityRef !== null) query.where('entity_ref', entityRef);
      })
      .update({ due_at: now, revision: this.#knex.raw('revision + 1') });
  }

  /**
   * Moves an incident with the entries that say so, and ends the lease under which it was seen.
   *
   * @returns false when it changed since it was seen, or the lease was lost.
   */
  async move(
    seen: StoredIncident | HeldIncident,
    move: IncidentMove,
    now: string,
  ): Promise<boolean> {
    return this.#knex.transaction(async trx => {
      const moved = await this.#write(trx, seen, move, now);
      return moved > 0;
    });
  }

  /**
   * Takes the model's one training, within the day's budget, and moves on to it.
   *
   * @returns why it was refused, where it was; `lost` as in `move`.
   */
  async beginRetrain(
    held: HeldIncident,
    move: IncidentMove,
    budget: number,
    now: string,
  ): Promise<RetrainRefusal | 'lost' | 'begun'> {
    try {
      return await this.#knex.transaction(async trx => {
        // Taken before the budget is counted: the holder before has committed by then.
        const taken = await trx('incident')
          .where({ id: held.id, revision: held.revision })
          .where('lease_token', held.leaseToken)
          .whereNotExists(
            trx('incident').select('id').where('retrain_key', held.entityRef),
          )
          .update({ retrain_key: held.entityRef, retrained_at: now });
        if (taken === 0) {
          const row = await trx('incident')
            .where('retrain_key', held.entityRef)
            .first('id');
          return row ? 'busy' : 'lost';
        }
        const since = new Date(Date.parse(now) - DAY_MS).toISOString();
        const [{ n }] = await trx('incident')
          .where('entity_ref', held.entityRef)
          .where('retrained_at', '>', since)
          .count({ n: '*' });
        if (Number(n) > budget) throw new Refused();
        await this.#write(trx, held, move, now);
        return 'begun';
      });
    } catch (error) {
      if (error instanceof Refused) return 'spent';
      if (isTaken(error)) return 'busy';
      throw error;
    }
  }

  /** When feedback began trainings of a model after a moment. */
  async retrainedSince(entityRef: string, since: string): Promise<string[]> {
    const rows: { retrained_at: string }[] = await this.#knex('incident')
      .select('retrained_at')
      .where('entity_ref', entityRef)
      .where('retrained_at', '>', since);
    return rows.map(row => row.retrained_at);
  }

  /** Whether an incident of the model trains. */
  async isTraining(entityRef: string): Promise<boolean> {
    const row = await this.#knex('incident')
      .where('retrain_key', entityRef)
      .first('id');
    return row !== undefined;
  }

  /** When a rule last acted in an incident other than this one. */
  async lastActedAt(incident: StoredIncident): Promise<string | null> {
    const row: { acted_at: string } | undefined = await this.#knex('incident')
      .where({ entity_ref: incident.entityRef, rule_key: incident.ruleKey })
      .whereNot('id', incident.id)
      .whereNotNull('acted_at')
      .orderBy('number', 'desc')
      .first('acted_at');
    return row?.acted_at ?? null;
  }

  /** Newest first. */
  async list(
    entityRef: string,
    filter: { open?: boolean; environment?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredIncident[]; nextCursor?: string }> {
    const query = this.#knex('incident')
      .where('entity_ref', entityRef)
      .modify(q => {
        if (filter.open === true) q.whereNotNull('open_key');
        if (filter.open === false) q.whereNull('open_key');
        if (filter.environment) q.where('environment', filter.environment);
      });
    const { rows, nextCursor } = await newestFirst<IncidentRow>(
      query,
      { at: 'opened_at', id: 'id' },
      page,
    );
    return { items: rows.map(fromIncidentRow), nextCursor };
  }

  async get(
    entityRef: string,
    id: string,
  ): Promise<StoredIncident | undefined> {
    const row: IncidentRow | undefined = await this.#knex('incident')
      .where({ entity_ref: entityRef, id })
      .first();
    return row && fromIncidentRow(row);
  }

  /** The thread of an incident, oldest first. */
  async thread(id: Incident['id']): Promise<IncidentEvent[]> {
    const rows = await this.#knex('incident_event')
      .where('incident_id', id)
      .orderBy('id');
    return rows.map(row =>
      incidentEvent.parse({
        at: row.at,
        type: row.type,
        by: row.by,
        message: row.message,
        samples: row.samples ? JSON.parse(row.samples) : null,
        runId: row.run_id,
        version: row.version,
        deploymentId: row.deployment_id,
      }),
    );
  }

  async #write(
    trx: Knex.Transaction,
    seen: StoredIncident | HeldIncident,
    move: IncidentMove,
    now: string,
  ): Promise<number> {
    const { phase } = move;
    const isOver = phase === 'watching' || phase === 'closed';
    const count = await trx('incident')
      .where({ id: seen.id, revision: seen.revision })
      .modify(query => {
        if ('leaseToken' in seen) query.where('lease_token', seen.leaseToken);
      })
      .update({
        ...RELEASED,
        revision: seen.revision + 1,
        due_at: move.dueAt,
        ...(phase && { phase }),
        ...(phase && phase !== seen.phase && { moved_at: now }),
        ...(move.message !== undefined && { message: move.message }),
        ...(move.runId !== undefined && { run_id: move.runId }),
        ...(move.candidate !== undefined && { candidate: move.candidate }),
        ...(move.deploymentId !== undefined && {
          deployment_id: move.deploymentId,
        }),
        ...(move.actedAt !== undefined && { acted_at: move.actedAt }),
        ...(move.notRetrained && { retrained_at: null }),
        ...(isOver && { retrain_key: null }),
        ...(phase === 'closed' && {
          closed_at: now,
          cause: move.cause,
          open_key: null,
          due_at: null,
        }),
      });
    if (count > 0) {
      await insertIncidentEvents(trx, seen.id, move.events, now);
    }
    return count;
  }
}

/** Of two transactions that take the same key at once, a unique index refuses one. */
function isTaken(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE';
}
