import type { Knex } from 'knex';
import type { Restriction } from './FleetCounts';

/** A version that went live by anything but a roll back. */
export interface Change {
  /** RFC 3339, UTC, as are all times. */
  liveAt: string;
  /** When another version replaced it; null while it is live. */
  endedAt: string | null;
  wasRolledBack: boolean;
  /** Null where the registry does not know it. */
  committedAt: string | null;
}

type Row = {
  live_at: string;
  ended_at: string | null;
  ended_by: string | null;
  committed_at: string | null;
};

/** Reads the changes that delivery figures are computed from. */
export class FigureStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The changes of one model in an environment, newest first. */
  async ofModel(
    entityRef: string,
    environment: string,
    since: string,
    limit: number,
  ): Promise<Change[]> {
    return this.#changes(environment, since, limit, query =>
      query.where('live_interval.entity_ref', entityRef),
    );
  }

  /** The changes of every model that the caller may see, newest first. */
  async ofFleet(
    visible: Restriction | undefined,
    environment: string,
    since: string,
    limit: number,
  ): Promise<Change[]> {
    return this.#changes(environment, since, limit, query => {
      if (!visible) return;
      query.whereIn(
        'live_interval.entity_ref',
        this.#knex('model_summary')
          .select('model_summary.entity_ref')
          .modify(visible, 'by-refs'),
      );
    });
  }

  async #changes(
    environment: string,
    since: string,
    limit: number,
    restrict: (query: Knex.QueryBuilder) => void,
  ): Promise<Change[]> {
    const rows: Row[] = await this.#knex('live_interval')
      .join('deployment', 'deployment.id', 'live_interval.deployment_id')
      .leftJoin('version', join =>
        join
          .on('version.entity_ref', 'live_interval.entity_ref')
          .andOn('version.version', 'live_interval.version'),
      )
      .where('live_interval.environment', environment)
      .where('live_interval.from', '>=', since)
      .whereNot('deployment.action', 'rollback')
      .modify(restrict)
      .orderBy('live_interval.from', 'desc')
      .limit(limit)
      .select({
        live_at: 'live_interval.from',
        ended_at: 'live_interval.to',
        ended_by: 'live_interval.ended_by',
        committed_at: 'version.committed_at',
      });
    return rows.map(row => ({
      liveAt: row.live_at,
      endedAt: row.ended_at,
      wasRolledBack: row.ended_by === 'rolled-back',
      committedAt: row.committed_at,
    }));
  }
}
