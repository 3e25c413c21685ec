import type { SourceStatus } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';

export type Capability = SourceStatus['capability'];

/** One provider in one capability of one model, and when it was read last. */
export interface SourceRow {
  entityRef: string;
  source: string;
  provider: string;
  capability: Capability;
  fetchedAt: string | null;
  error: { kind: string; message: string; at: string } | null;
  failures: number;
  dueAt: string;
}

type Row = {
  entity_ref: string;
  source: string;
  provider: string;
  capability: Capability;
  fetched_at: string | null;
  error: string | null;
  failures: number;
  due_at: string;
  lease_until: string | null;
};

const fromRow = (row: Row): SourceRow => ({
  entityRef: row.entity_ref,
  source: row.source,
  provider: row.provider,
  capability: row.capability,
  fetchedAt: row.fetched_at,
  error: row.error ? JSON.parse(row.error) : null,
  failures: Number(row.failures),
  dueAt: row.due_at,
});

/** What is due, fetched and failing. */
export class SourceStore {
  constructor(private readonly knex: Knex) {}

  /** Makes the model's sources exactly these; new ones are due at once. */
  async declare(
    entityRef: string,
    sources: { source: string; provider: string; capability: Capability }[],
    now: string,
  ): Promise<void> {
    await this.knex.transaction(async trx => {
      await trx('source_status')
        .where('entity_ref', entityRef)
        .whereNotIn(
          'source',
          sources.map(s => s.source),
        )
        .delete();
      for (const s of sources) {
        await trx('source_status')
          .insert({
            entity_ref: entityRef,
            source: s.source,
            provider: s.provider,
            capability: s.capability,
            due_at: now,
          })
          .onConflict(['entity_ref', 'source'])
          .merge({ due_at: now });
      }
    });
  }

  async ofModels(entityRefs: string[]): Promise<Map<string, SourceRow[]>> {
    const found = new Map<string, SourceRow[]>();
    const rows: Row[] = await this.knex('source_status')
      .whereIn('entity_ref', entityRefs)
      .orderBy('source');
    for (const row of rows) {
      const list = found.get(row.entity_ref) ?? [];
      list.push(fromRow(row));
      found.set(row.entity_ref, list);
    }
    return found;
  }

  async ofModel(entityRef: string): Promise<SourceRow[]> {
    return (await this.ofModels([entityRef])).get(entityRef) ?? [];
  }

  /** How each provider fares over all models: a row a provider and capability. */
  async byProvider(): Promise<
    {
      source: string;
      provider: string;
      capability: Capability;
      fetchedAt: string | null;
      failing: number;
      error: string | null;
    }[]
  > {
    const rows = await this.knex('source_status')
      .select('source', 'provider', 'capability')
      .max({ fetched_at: 'fetched_at' })
      .max({ error: 'error' })
      .sum({
        failing: this.knex.raw('CASE WHEN failures > 0 THEN 1 ELSE 0 END'),
      })
      .groupBy('source', 'provider', 'capability')
      .orderBy('source');
    return rows.map((row: any) => ({
      source: row.source,
      provider: row.provider,
      capability: row.capability,
      fetchedAt: row.fetched_at,
      failing: Number(row.failing),
      error: row.error,
    }));
  }

  /** Takes up to `limit` due sources that nobody else works on. */
  async claimDue(
    now: string,
    leaseUntil: string,
    limit: number,
  ): Promise<SourceRow[]> {
    const due: Row[] = await this.knex('source_status')
      .where('due_at', '<=', now)
      .andWhere(q =>
        q.whereNull('lease_until').orWhere('lease_until', '<', now),
      )
      .orderBy('due_at')
      .limit(limit);
    const claimed: SourceRow[] = [];
    for (const row of due) {
      const won = await this.knex('source_status')
        .where({ entity_ref: row.entity_ref, source: row.source })
        .andWhere(q =>
          q.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .update({ lease_until: leaseUntil });
      if (won > 0) claimed.push(fromRow(row));
    }
    return claimed;
  }

  /**
   * Records how reading a source ended. A hint that came while it was read left an earlier
   * `due_at` than the one the reading began with, and that one is kept.
   */
  async finish(
    row: SourceRow,
    result: {
      fetchedAt: string | null;
      error: SourceRow['error'];
      nextDueAt: string;
    },
  ): Promise<void> {
    await this.knex.transaction(async trx => {
      const current: Row | undefined = await trx('source_status')
        .where({ entity_ref: row.entityRef, source: row.source })
        .first();
      if (!current) return;
      const hinted = current.due_at > row.dueAt;
      await trx('source_status')
        .where({ entity_ref: row.entityRef, source: row.source })
        .update({
          fetched_at: result.fetchedAt ?? current.fetched_at,
          error: result.error ? JSON.stringify(result.error) : null,
          failures: result.error ? Number(current.failures) + 1 : 0,
          due_at: hinted ? current.due_at : result.nextDueAt,
          lease_until: null,
        });
    });
  }

  /** Marks sources as due now; answers how many. */
  async markDue(
    filter: { entityRef?: string; provider?: string; capability?: Capability },
    now: string,
  ): Promise<number> {
    return this.knex('source_status')
      .modify(q => {
        if (filter.entityRef) q.where('entity_ref', filter.entityRef);
        if (filter.provider) q.where('provider', filter.provider);
        if (filter.capability) q.where('capability', filter.capability);
      })
      .update({ due_at: now });
  }
}
