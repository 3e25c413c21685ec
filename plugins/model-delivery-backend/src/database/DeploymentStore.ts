import { INITIAL } from '@slipway/plugin-model-delivery-common';
import type { DeploymentEvent } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  type DeploymentRow as Row,
  environmentKey,
  fromRow,
  type NewDeployment,
  type StoredDeployment,
} from './deploymentRows';
import { holderOf, insertEffects, insertEvent } from './deploymentWrites';
import { makeLive } from './deploymentLive';
import { moveDeployment } from './deploymentMoves';
import { insertHold } from './HoldStore';
import { recordModelChange } from './modelChanges';
import { newestFirst } from './newestFirst';
import { setReviewers } from './reviewers';
import { decideQuestion } from './RunQuestionStore';

/** A second deployment that is open in one environment or on one physical target, or that waits there. */
export class AlreadyOpenError extends Error {
  constructor(readonly first: StoredDeployment) {
    super('A deployment is open already');
  }
}

/** Requests and reads deployments and their append-only events. */
export class DeploymentStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Writes a request, its first event and its first effects in one transaction.
   *
   * @returns the stored deployment, which is an earlier one where the request key was used before.
   * @throws AlreadyOpenError with the deployment that holds the environment or its target.
   */
  async create(
    value: NewDeployment,
    now: string,
  ): Promise<{ deployment: StoredDeployment; created: boolean }> {
    try {
      return await this.#insert(value, now);
    } catch (error) {
      // On PostgreSQL two can pass the checks at once; a unique index then stops the second.
      const used = await this.byRequestKey(value.requestKey);
      if (used) return { deployment: used, created: false };
      const first = await this.#firstOf(this.#knex, value);
      if (first) throw new AlreadyOpenError(first);
      throw error;
    }
  }

  async #insert(
    value: NewDeployment,
    now: string,
  ): Promise<{ deployment: StoredDeployment; created: boolean }> {
    return this.#knex.transaction(async trx => {
      const used: Row | undefined = await trx('deployment')
        .where('request_key', value.requestKey)
        .first();
      if (used) return { deployment: fromRow(used), created: false };
      await replaceRequest(trx, value, now);
      const first = await this.#firstOf(trx, value);
      if (first) throw new AlreadyOpenError(first);
      const { entry, hold } = value;
      const { state, effects } = INITIAL[entry];
      const admitted = entry === 'admitted';
      const [row]: Row[] = await trx('deployment')
        .insert({
          id: value.id,
          entity_ref: value.entityRef,
          environment: value.environment,
          version: value.version,
          from_version: value.fromVersion,
          action: value.action,
          automatic: value.automatic ? 1 : 0,
          overridden: value.overridden ? 1 : 0,
          state,
          message: value.message,
          reason: value.reason,
          requested_by: value.requestedBy,
          requested_at: now,
          request_key: value.requestKey,
          fingerprint: value.fingerprint,
          finished_at: entry === 'refused' ? now : null,
          moved_at: now,
          build_run_id: value.buildRunId,
          gates: JSON.stringify(value.gates),
          rollout: value.rollout && JSON.stringify(value.rollout),
          provider: value.target.provider,
          target: JSON.stringify(value.target),
          target_key: value.targetKey,
          open_key: admitted ? environmentKey(value) : null,
          open_target: admitted ? value.targetKey : null,
          ...(hold && {
            waits: JSON.stringify(hold.waits),
            waiting_key: environmentKey(value),
            waiting_target: value.targetKey,
            digest: hold.digest,
            gate_hash: hold.gateHash,
            expires_at: hold.expiresAt,
          }),
          revision: 0,
          due_at: entry === 'refused' ? null : now,
        })
        .returning('*');
      await insertEvent(trx, fromRow(row), now, {
        state,
        by: value.requestedBy,
        message: value.message,
      });
      await insertEffects(trx, value.id, { state, effects }, now);
      if (hold) await setReviewers(trx, fromRow(row), hold.reviewers);
      if (value.questionId) {
        await decideQuestion(trx, value.questionId, value.id);
      }
      if (value.holds) {
        await insertHold(trx, {
          entityRef: value.entityRef,
          environment: value.environment,
          version: value.fromVersion,
          by: value.requestedBy,
          reason: value.reason ?? '',
          since: now,
        });
      }
      await recordModelChange(trx, value.entityRef);
      const { message, served } = value;
      const adopted =
        served &&
        (await makeLive(trx, fromRow(row), { message, ...served }, now));
      return { deployment: adopted ?? fromRow(row), created: true };
    });
  }

  /** The deployment that came first: the one that is open, or, for one that is held, that waits. */
  async #firstOf(
    knex: Knex,
    value: NewDeployment,
  ): Promise<StoredDeployment | undefined> {
    if (value.entry === 'admitted') return holderOf(knex, value);
    if (value.entry === 'refused') return undefined;
    const row: Row | undefined = await knex('deployment')
      .where('waiting_key', environmentKey(value))
      .first();
    return row && fromRow(row);
  }

  /** The deployment that a request created, if it was received before. */
  async byRequestKey(
    requestKey: string,
  ): Promise<StoredDeployment | undefined> {
    const row: Row | undefined = await this.#knex('deployment')
      .where('request_key', requestKey)
      .first();
    return row && fromRow(row);
  }

  async get(id: string): Promise<StoredDeployment | undefined> {
    const row: Row | undefined = await this.#knex('deployment')
      .where({ id })
      .first();
    return row && fromRow(row);
  }

  async events(id: string): Promise<DeploymentEvent[]> {
    return this.#knex('deployment_event')
      .select('at', 'state', 'by', 'message')
      .where('deployment_id', id)
      .orderBy('id');
  }

  /**
   * Adds an event that changes nothing.
   *
   * @param title - begins the message; a deployment has one remark of each title.
   */
  async remark(
    id: string,
    { title, detail }: { title: string; detail: string },
    now: string,
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      const row: Row | undefined = await trx('deployment')
        .where({ id })
        .forUpdate()
        .first();
      if (!row) return;
      const known = await trx('deployment_event')
        .where('deployment_id', id)
        .whereLike('message', `${title}: %`)
        .first();
      if (known) return;
      const { state } = row;
      await insertEvent(trx, fromRow(row), now, {
        state,
        by: 'system',
        message: `${title}: ${detail}`,
      });
      await recordModelChange(trx, row.entity_ref);
    });
  }

  /** By `happenedAt`, newest first. */
  async list(
    entityRef: string,
    filter: { environment?: string; action?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredDeployment[]; nextCursor?: string }> {
    const dated = this.#knex('deployment')
      .select(
        'deployment.*',
        // As the index has it.
        this.#knex.raw(
          'COALESCE(live_at, finished_at, requested_at) AS happened_at',
        ),
      )
      .where('entity_ref', entityRef)
      .modify(q => {
        if (filter.environment) q.where('environment', filter.environment);
        if (filter.action) q.where('action', filter.action);
      });
    const { rows, nextCursor } = await newestFirst<
      Row & { happened_at: string }
    >(
      this.#knex.from(dated.as('dated')),
      { at: 'happened_at', id: 'id' },
      page,
    );
    return { items: rows.map(fromRow), nextCursor };
  }

  async openOf(entityRef: string): Promise<StoredDeployment[]> {
    const rows: Row[] = await this.#knex('deployment')
      .where('entity_ref', entityRef)
      .whereNotNull('open_key');
    return rows.map(fromRow);
  }

  /** The deployments of a model that wait. */
  async waitingOf(entityRef: string): Promise<StoredDeployment[]> {
    const rows: Row[] = await this.#knex('deployment')
      .where('entity_ref', entityRef)
      .whereNotNull('waiting_key');
    return rows.map(fromRow);
  }

  /** The deployments of one version to one environment, newest first. */
  async ofVersion(
    entityRef: string,
    environment: string,
    version: string,
  ): Promise<StoredDeployment[]> {
    const rows: Row[] = await this.#knex('deployment')
      .where({ entity_ref: entityRef, environment, version })
      .orderBy('requested_at', 'desc')
      .limit(20);
    return rows.map(fromRow);
  }
}

/** Ends the request in whose place a newer one comes, unless it was released or decided meanwhile. */
async function replaceRequest(
  trx: Knex.Transaction,
  by: NewDeployment,
  now: string,
): Promise<void> {
  if (!by.replaces || by.entry === 'refused') return;
  const row: Row | undefined = await trx('deployment')
    .where({ id: by.replaces, state: 'waiting' })
    .forUpdate()
    .first();
  if (!row) return;
  const message = `Replaced by the request of ${by.version}, which is newer (deployment ${by.id}).`;
  await moveDeployment(
    trx,
    fromRow(row),
    { trigger: 'cancel', message, by: by.requestedBy },
    now,
  );
}
