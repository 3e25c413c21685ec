import type { SourceStatus } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { type LeasedRow, Leases, RELEASED } from './Leases';
import { recordModelChange } from './modelChanges';

export type Capability = SourceStatus['capability'];

interface SourceError {
  kind: string;
  message: string;
  at: string;
  /** The rest was read: it is no failure. */
  partial?: boolean;
}

/** One provider in one capability of one model, and when it was read last. */
export interface SourceRow {
  entityRef: string;
  source: string;
  provider: string;
  capability: Capability;
  fetchedAt: string | null;
  error: SourceError | null;
  failures: number;
  dueAt: string;
}

type Row = LeasedRow & {
  entity_ref: string;
  source: string;
  provider: string;
  capability: Capability;
  fetched_at: string | null;
  error: string | null;
  failures: number;
  due_at: string;
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

/** A source that a model's spec names, and what it is about where that is known. */
export interface DeclaredSource {
  source: string;
  provider: string;
  capability: Capability;
  subjects: string[];
}

/** One provider in one capability, over all models. */
export interface ProviderRow {
  source: string;
  provider: string;
  capability: Capability;
  models: number;
  fetchedAt: string | null;
  nextDueAt: string;
  failing: number;
  due: number;
  error: SourceRow['error'];
}

/** A source under a lease. */
export type HeldSource = SourceRow & { leaseToken: string };

const MAX_SUBJECT = 500;
/** More due sources than these are not counted: they are more than any process reads at once. */
const MAX_DUE_COUNTED = 1_000;

/** What is due, fetched and failing. */
export class SourceStore {
  readonly #knex: Knex;
  readonly #leases: Leases<Row>;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#leases = new Leases<Row>(knex, 'source_status', [
      'entity_ref',
      'source',
    ]);
  }

  /** Makes the model's sources exactly these. New ones are due at once; with `due`, all are. */
  async declare(
    entityRef: string,
    sources: DeclaredSource[],
    now: string,
    { due }: { due: boolean },
  ): Promise<void> {
    await this.#knex.transaction(async trx => {
      await trx('source_status')
        .where('entity_ref', entityRef)
        .whereNotIn(
          'source',
          sources.map(s => s.source),
        )
        .delete();
      await trx('source_subject').where('entity_ref', entityRef).delete();
      for (const { subjects, ...s } of sources) {
        const inserted = trx('source_status')
          .insert({
            entity_ref: entityRef,
            source: s.source,
            provider: s.provider,
            capability: s.capability,
            due_at: now,
          })
          .onConflict(['entity_ref', 'source']);
        await (due ? inserted.merge({ due_at: now }) : inserted.ignore());
        const rows = subjects.map(subject => ({
          entity_ref: entityRef,
          source: s.source,
          provider: s.provider,
          capability: s.capability,
          subject: subject.slice(0, MAX_SUBJECT),
        }));
        if (rows.length > 0) await trx('source_subject').insert(rows);
      }
    });
  }

  async ofModels(entityRefs: string[]): Promise<Map<string, SourceRow[]>> {
    const found = new Map<string, SourceRow[]>();
    const rows: Row[] = await this.#knex('source_status')
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
  async byProvider(now: string): Promise<ProviderRow[]> {
    const rows = await this.#knex('source_status')
      .select('source', 'provider', 'capability')
      .count({ models: '*' })
      .max({ fetched_at: 'fetched_at' })
      .min({ next_due_at: 'due_at' })
      .sum({
        failing: this.#knex.raw('CASE WHEN failures > 0 THEN 1 ELSE 0 END'),
        due: this.#knex.raw('CASE WHEN due_at <= ? THEN 1 ELSE 0 END', [now]),
      })
      .groupBy('source', 'provider', 'capability')
      .orderBy('source');
    const errors = await this.#lastErrors();
    return rows.map((row: any) => ({
      source: row.source,
      provider: row.provider,
      capability: row.capability,
      models: Number(row.models),
      fetchedAt: row.fetched_at,
      nextDueAt: row.next_due_at,
      failing: Number(row.failing),
      due: Number(row.due),
      error: errors.get(row.source) ?? null,
    }));
  }

  /** The newest error of each source that still fails somewhere, or else is read in part. */
  async #lastErrors(): Promise<Map<string, SourceRow['error']>> {
    const rows: { source: string; error: string }[] = await this.#knex
      .select('source', 'error')
      .from(
        this.#knex('source_status')
          .select('source', 'error')
          .rowNumber(
            'n',
            this.#knex.raw(
              'PARTITION BY source ORDER BY CASE WHEN failures > 0 THEN 0 ELSE 1 END, failed_at DESC',
            ),
          )
          .whereNotNull('error')
          .as('failed'),
      )
      .where('n', 1);
    return new Map(rows.map(row => [row.source, JSON.parse(row.error)]));
  }

  /** How many sources are due, by provider. One query on the index of due times. */
  async dueByProvider(now: string): Promise<Map<string, number>> {
    const rows: { provider: string; due: number | string }[] = await this.#knex
      .select('provider')
      .count({ due: '*' })
      .from(
        this.#knex('source_status')
          .select('provider')
          .where('due_at', '<=', now)
          .andWhere(q =>
            q.whereNull('lease_until').orWhere('lease_until', '<=', now),
          )
          .limit(MAX_DUE_COUNTED)
          .as('due'),
      )
      .groupBy('provider');
    return new Map(rows.map(row => [row.provider, Number(row.due)]));
  }

  /** Claims due sources of one provider, those due longest first. */
  async claimDue(
    provider: string,
    lease: { now: string; until: string; limit: number },
  ): Promise<HeldSource[]> {
    const rows = await this.#leases.claim(
      query =>
        query
          .where('due_at', '<=', lease.now)
          .where('provider', provider)
          .orderBy('due_at'),
      lease,
    );
    return rows.map(row => ({ ...fromRow(row), leaseToken: row.lease_token }));
  }

  /** @returns false when the lease was lost. */
  async renew(held: HeldSource, until: string): Promise<boolean> {
    return this.#leases.renew(
      { entity_ref: held.entityRef, source: held.source },
      held.leaseToken,
      until,
    );
  }

  /**
   * Records how reading a source ended, and ends the lease. A source that was marked due while it was
   * read has a later `due_at` than the reading began with; it stays due.
   *
   * @returns false when the lease was lost: nothing is recorded then.
   */
  async finish(
    held: HeldSource,
    result: {
      fetchedAt: string | null;
      error: SourceRow['error'];
      nextDueAt: string;
    },
  ): Promise<boolean> {
    const failures =
      result.error && !result.error.partial ? held.failures + 1 : 0;
    return this.#knex.transaction(async trx => {
      const count = await trx('source_status')
        .where({
          entity_ref: held.entityRef,
          source: held.source,
          lease_token: held.leaseToken,
        })
        .update({
          ...(result.fetchedAt && { fetched_at: result.fetchedAt }),
          error: result.error ? JSON.stringify(result.error) : null,
          failed_at: result.error?.at ?? null,
          failures,
          due_at: trx.raw('CASE WHEN due_at > ? THEN due_at ELSE ? END', [
            held.dueAt,
            result.nextDueAt,
          ]),
          ...RELEASED,
        });
      if (count === 0) return false;
      // Whether a source fails is part of the model's summary.
      if (failures > 0 !== held.failures > 0) {
        await recordModelChange(trx, held.entityRef);
      }
      return true;
    });
  }

  /** The models that a subject of an outside system is about, at most 200. */
  async modelsAbout(subject: {
    provider: string;
    capability: Capability;
    subject: string;
  }): Promise<string[]> {
    const rows: { entity_ref: string }[] = await this.#knex('source_subject')
      .distinct('entity_ref')
      .where(subject)
      .orderBy('entity_ref')
      .limit(200);
    return rows.map(row => row.entity_ref);
  }

  /** Marks sources as due now; answers how many. */
  async markDue(
    filter: {
      entityRef?: string;
      provider?: string;
      capability?: Capability;
      /** Only those that are about this in the outside system. */
      subject?: string;
    },
    now: string,
  ): Promise<number> {
    const { entityRef, provider, capability, subject } = filter;
    return this.#knex('source_status')
      .modify(q => {
        if (entityRef) q.where('entity_ref', entityRef);
        if (provider) q.where('provider', provider);
        if (capability) q.where('capability', capability);
        if (subject !== undefined) {
          const about = this.#knex('source_subject')
            .select('entity_ref')
            .where('subject', subject)
            .modify(inner => {
              if (provider) inner.where('provider', provider);
              if (capability) inner.where('capability', capability);
            });
          q.whereIn('entity_ref', about);
        }
      })
      .update({ due_at: now });
  }
}
