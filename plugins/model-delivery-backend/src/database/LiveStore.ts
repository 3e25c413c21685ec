import type { EnvironmentState } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { recordModelChange } from './modelChanges';
import { newestFirst } from './newestFirst';

type Row = {
  id: number;
  entity_ref: string;
  environment: string;
  version: string;
  digest: string | null;
  from: string;
  to: string | null;
  by: string;
  automatic: number;
  reason: string | null;
  deployment_id: string;
  ended_by: 'superseded' | 'rolled-back' | null;
};

export interface Interval {
  environment: string;
  version: string;
  digest: string | null;
  from: string;
  to: string | null;
  by: string;
  automatic: boolean;
  reason: string | null;
  deploymentId: string;
  endedBy: 'superseded' | 'rolled-back' | null;
}

const fromRow = (row: Row): Interval => ({
  environment: row.environment,
  version: row.version,
  digest: row.digest,
  from: row.from,
  to: row.to,
  by: row.by,
  automatic: Boolean(row.automatic),
  reason: row.reason,
  deploymentId: row.deployment_id,
  endedBy: row.ended_by,
});

/** What is and was live in each environment. */
export class LiveStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async current(entityRef: string): Promise<Map<string, Interval>> {
    const rows: Row[] = await this.#knex('live_interval')
      .where('entity_ref', entityRef)
      .whereNotNull('open_key');
    return new Map(rows.map(row => [row.environment, fromRow(row)]));
  }

  /** The last time that a version was live in an environment. */
  async ofVersion(
    entityRef: string,
    environment: string,
    version: string,
  ): Promise<Interval | undefined> {
    const row: Row | undefined = await this.#knex('live_interval')
      .where({ entity_ref: entityRef, environment, version })
      .orderBy('from', 'desc')
      .first();
    return row && fromRow(row);
  }

  /** The interval before the current one. */
  async previous(
    entityRef: string,
    environment: string,
  ): Promise<Interval | undefined> {
    const row: Row | undefined = await this.#knex('live_interval')
      .where({ entity_ref: entityRef, environment })
      .whereNotNull('to')
      .orderBy('from', 'desc')
      .first();
    return row && fromRow(row);
  }

  async history(
    entityRef: string,
    environment: string,
    filter: { since?: string; at?: string },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: Interval[]; nextCursor?: string }> {
    const query = this.#knex('live_interval')
      .where({ entity_ref: entityRef, environment })
      .modify(q => {
        const { since, at } = filter;
        if (since) q.where(w => w.whereNull('to').orWhere('to', '>=', since));
        // The moment of a switch belongs to the version that went live.
        if (at) {
          q.where('from', '<=', at).where(w =>
            w.whereNull('to').orWhere('to', '>', at),
          );
        }
      });
    const { rows, nextCursor } = await newestFirst<Row>(
      query,
      { at: 'from', id: 'deployment_id' },
      page,
    );
    return { items: rows.map(fromRow), nextCursor };
  }

  async between(
    entityRef: string,
    environment: string,
    from: string,
    to: string,
  ): Promise<Interval[]> {
    const rows: Row[] = await this.#knex('live_interval')
      .where({ entity_ref: entityRef, environment })
      .where('from', '>=', from)
      .where('from', '<=', to)
      .orderBy('from')
      .limit(200);
    return rows.map(fromRow);
  }

  async putState(
    entityRef: string,
    environment: string,
    state: EnvironmentState,
    now: string,
  ): Promise<boolean> {
    const data = JSON.stringify(state);
    return this.#knex.transaction(async trx => {
      const known = await trx('environment_state')
        .where({ entity_ref: entityRef, environment })
        .first();
      await trx('environment_state')
        .insert({ entity_ref: entityRef, environment, data, at: now })
        .onConflict(['entity_ref', 'environment'])
        .merge();
      const changed = known?.data !== data;
      if (changed) await recordModelChange(trx, entityRef);
      return changed;
    });
  }

  /** By environment, with the time of the reading. */
  async states(
    entityRef: string,
  ): Promise<Map<string, EnvironmentState & { readAt: string }>> {
    const rows: { environment: string; data: string; at: string }[] =
      await this.#knex('environment_state').where('entity_ref', entityRef);
    return new Map(
      rows.map(r => [
        r.environment,
        { ...(JSON.parse(r.data) as EnvironmentState), readAt: r.at },
      ]),
    );
  }
}
