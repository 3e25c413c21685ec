import type { ModelDetail } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import {
  countsOf,
  type FleetRow,
  fleetRow,
  gramsOf,
  type StoredSummary,
} from './fleetRows';

export type StoredDetail = Omit<ModelDetail, 'sources'>;

/** A statement takes a limited number of values. */
const ROWS_AT_ONCE = 100;

/** Writes what the fleet and the model page read, when something changes. */
export class SummaryStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /**
   * Stores a summary, unless one that was made from newer facts is stored.
   *
   * @param changesAt - when it is outdated although no fact changed; null where it never is.
   * @param changes - the model's change counter when the facts were read.
   * @returns whether it was stored.
   */
  async put(
    {
      row,
      detail,
      changesAt,
    }: { row: StoredSummary; detail: StoredDetail; changesAt: string | null },
    changes: number,
  ): Promise<boolean> {
    const { entityRef } = row;
    return this.#knex.transaction(async trx => {
      // Takes the model's row first, so that of two writers the later one sees the earlier's work.
      const newest = await trx('model')
        .where('entity_ref', entityRef)
        .whereNull('removed_at')
        .where('summarised', '<', changes)
        .update({ summarised: changes, due_at: changesAt });
      if (newest === 0) return false;
      await putFleetRow(trx, row);
      await trx('model_document')
        .insert({
          entity_ref: entityRef,
          row: JSON.stringify(row),
          detail: JSON.stringify(detail),
        })
        .onConflict('entity_ref')
        .merge();
      return true;
    });
  }

  /** What the model page shows, without its sources. */
  async detail(entityRef: string): Promise<StoredDetail | undefined> {
    const row = await this.#knex('model_document')
      .select('detail')
      .where('entity_ref', entityRef)
      .first();
    return row && (JSON.parse(row.detail) as StoredDetail);
  }
}

/** Takes a model out of the fleet, in the transaction that removes it. */
export async function removeSummary(
  trx: Knex.Transaction,
  entityRef: string,
): Promise<void> {
  const before = await known(trx, entityRef);
  if (before) await count(trx, countsOf(before.row, before.environments), -1);
  for (const table of [
    'model_summary',
    'model_summary_live',
    'model_search',
    'model_document',
  ]) {
    await trx(table).where('entity_ref', entityRef).delete();
  }
}

async function putFleetRow(
  trx: Knex.Transaction,
  summary: StoredSummary,
): Promise<void> {
  const { entityRef } = summary;
  const row = fleetRow(summary);
  const environments = summary.environments
    .filter(environment => environment.live)
    .map(({ name }) => name);
  const before = await known(trx, entityRef);
  await trx('model_summary').insert(row).onConflict('entity_ref').merge();
  if (before?.row.search !== row.search) await putSearch(trx, row);
  if (before?.environments.join() !== environments.join()) {
    await trx('model_summary_live').where('entity_ref', entityRef).delete();
    if (environments.length > 0) {
      await trx('model_summary_live').insert(
        environments.map(environment => ({
          environment,
          entity_ref: entityRef,
        })),
      );
    }
  }
  const was = before ? countsOf(before.row, before.environments) : [];
  const is = countsOf(row, environments);
  const without = (these: typeof is, those: typeof is) =>
    these.filter(
      a => !those.some(b => a.facet === b.facet && a.value === b.value),
    );
  await count(trx, without(was, is), -1);
  await count(trx, without(is, was), 1);
}

async function known(
  trx: Knex.Transaction,
  entityRef: string,
): Promise<{ row: FleetRow; environments: string[] } | undefined> {
  const row: FleetRow | undefined = await trx('model_summary')
    .where('entity_ref', entityRef)
    .first();
  if (!row) return undefined;
  const environments: string[] = await trx('model_summary_live')
    .where('entity_ref', entityRef)
    .pluck('environment');
  return { row, environments };
}

async function putSearch(trx: Knex.Transaction, row: FleetRow): Promise<void> {
  const { entity_ref } = row;
  await trx('model_search').where({ entity_ref }).delete();
  await trx.batchInsert(
    'model_search',
    gramsOf(row.search).map(gram => ({ gram, entity_ref })),
    ROWS_AT_ONCE,
  );
}

/** In a fixed order, so that two transactions never wait for each other's rows. */
async function count(
  trx: Knex.Transaction,
  facets: { facet: string; value: string }[],
  by: 1 | -1,
): Promise<void> {
  const sorted = [...facets].sort((a, b) =>
    `${a.facet} ${a.value}`.localeCompare(`${b.facet} ${b.value}`, 'en-US'),
  );
  for (const key of sorted) {
    await trx('fleet_count')
      .insert({ ...key, n: by })
      .onConflict(['facet', 'value'])
      .merge({ n: trx.raw('fleet_count.n + ?', [by]) });
  }
}
