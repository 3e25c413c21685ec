import type {
  Attention,
  ModelDetail,
  ModelSummary,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { decodeCursor, encodeCursor } from './cursor';

/** Sources are joined when read: how fresh they are changes by the second. */
export type StoredSummary = Omit<ModelSummary, 'sources'>;
export type StoredDetail = Omit<ModelDetail, 'sources'>;

export type FleetSort =
  'attention' | 'name' | 'liveSince' | 'lastRun' | 'lastDelivery';

const SORT_COLUMN: Record<FleetSort, string> = {
  attention: 'attention_rank',
  name: 'name',
  liveSince: 'live_since',
  lastRun: 'last_run_at',
  lastDelivery: 'last_delivery_at',
};

export interface FleetFilter {
  search?: string;
  owner: string[];
  type: string[];
  lifecycle: string[];
  /** Where something is live, in any of them. */
  environment: string[];
  attention?: Attention;
  /** Restricts to what may be seen. */
  visible?: (query: Knex.QueryBuilder) => void;
}

export type FleetCounts = Record<Attention | 'all', number>;

/** One row a model, written when something changes: the fleet is one indexed table. */
export class SummaryStore {
  constructor(private readonly knex: Knex) {}

  async put(row: StoredSummary, detail: StoredDetail): Promise<void> {
    const has = (a: Attention) => (row.attention.includes(a) ? 1 : 0);
    const live = row.environments.at(-1)?.live?.since ?? null;
    await this.knex.transaction(async trx => {
      await trx('model_summary')
        .insert({
          entity_ref: row.entityRef,
          name: row.name,
          owner: row.owner,
          type: row.type,
          lifecycle: row.lifecycle,
          search: [row.name, row.title, row.owner ?? '', ...row.tags]
            .join(' ')
            .toLocaleLowerCase('en-US'),
          attention_rank: attentionRank(row),
          unhealthy: has('unhealthy'),
          blocked: has('blocked'),
          drifting: has('drifting'),
          stale: has('stale'),
          unowned: has('unowned'),
          live_since: live,
          last_run_at: row.latestRun?.createdAt ?? null,
          last_delivery_at: row.lastDelivery?.requestedAt ?? null,
          row: JSON.stringify(row),
          detail: JSON.stringify(detail),
          updated_at: row.updatedAt,
        })
        .onConflict('entity_ref')
        .merge();
      await putLive(trx, row);
    });
  }

  /** What is shown of a model, without its sources. */
  async detail(entityRef: string): Promise<StoredDetail | undefined> {
    const row = await this.knex('model_summary')
      .select('detail')
      .where('entity_ref', entityRef)
      .first();
    return row && (JSON.parse(row.detail) as StoredDetail);
  }

  async page(
    filter: FleetFilter,
    sort: { by: FleetSort; order: 'asc' | 'desc' },
    page: { cursor?: string; offset?: number; limit: number },
  ): Promise<{ items: StoredSummary[]; nextCursor?: string }> {
    const column = SORT_COLUMN[sort.by];
    const query = this.knex('model_summary')
      .select('entity_ref', 'name', 'row', { sort_value: column })
      .modify(q => this.#where(q, filter));
    if (page.cursor) {
      const [value, ref] = decodeCursor(page.cursor);
      after(query, column, sort.order, value, ref);
    }
    const rows: {
      entity_ref: string;
      sort_value: unknown;
      row: string;
    }[] = await query
      // Rows without a value come last, whichever way the others are sorted.
      .orderByRaw(`CASE WHEN ?? IS NULL THEN 1 ELSE 0 END`, [column])
      .orderBy([
        { column, order: sort.order },
        { column: 'entity_ref', order: 'asc' },
      ])
      .offset(page.cursor ? 0 : (page.offset ?? 0))
      .limit(page.limit + 1);
    const more = rows.length > page.limit;
    const items = more ? rows.slice(0, page.limit) : rows;
    const last = items[items.length - 1];
    return {
      items: items.map(r => JSON.parse(r.row) as StoredSummary),
      nextCursor: more
        ? encodeCursor([
            last.sort_value === null ? null : String(last.sort_value),
            last.entity_ref,
          ])
        : undefined,
    };
  }

  /** Of all models that may be seen, whatever the other filters. */
  async counts(visible: FleetFilter['visible']): Promise<FleetCounts> {
    const row = await this.knex('model_summary')
      .modify(q => visible?.(q))
      .count({ all: '*' })
      .sum({ unhealthy: 'unhealthy' })
      .sum({ blocked: 'blocked' })
      .sum({ drifting: 'drifting' })
      .sum({ stale: 'stale' })
      .sum({ unowned: 'unowned' })
      .first();
    const n = (key: string) =>
      Number((row as Record<string, unknown>)[key] ?? 0);
    return {
      all: n('all'),
      unhealthy: n('unhealthy'),
      blocked: n('blocked'),
      drifting: n('drifting'),
      stale: n('stale'),
      unowned: n('unowned'),
    };
  }

  async total(filter: FleetFilter): Promise<number> {
    const row = await this.knex('model_summary')
      .modify(q => this.#where(q, filter))
      .count({ n: '*' })
      .first();
    return Number(row?.n ?? 0);
  }

  async facet(
    column: 'owner' | 'type' | 'lifecycle',
    visible: FleetFilter['visible'],
  ): Promise<string[]> {
    return this.knex('model_summary')
      .modify(q => visible?.(q))
      .whereNotNull(column)
      .distinct(column)
      .orderBy(column)
      .limit(500)
      .pluck(column);
  }

  /** The environments in which something is live. */
  async environments(visible: FleetFilter['visible']): Promise<string[]> {
    return this.knex('model_summary_live')
      .whereIn(
        'entity_ref',
        this.knex('model_summary')
          .select('entity_ref')
          .modify(q => visible?.(q)),
      )
      .distinct('environment')
      .orderBy('environment')
      .limit(500)
      .pluck('environment');
  }

  #where(query: Knex.QueryBuilder, filter: FleetFilter): void {
    filter.visible?.(query);
    if (filter.search) {
      const text = filter.search
        .toLocaleLowerCase('en-US')
        .replace(/[\\%_]/g, c => `\\${c}`);
      query.whereRaw(`search LIKE ? ESCAPE '\\'`, [`%${text}%`]);
    }
    if (filter.owner.length) query.whereIn('owner', filter.owner);
    if (filter.type.length) query.whereIn('type', filter.type);
    if (filter.lifecycle.length) query.whereIn('lifecycle', filter.lifecycle);
    if (filter.environment.length) {
      query.whereIn(
        'entity_ref',
        this.knex('model_summary_live')
          .select('entity_ref')
          .whereIn('environment', filter.environment),
      );
    }
    if (filter.attention) query.where(filter.attention, 1);
  }
}

/** Notes where something is live, for the filter by environment. */
async function putLive(
  trx: Knex.Transaction,
  { entityRef, environments }: StoredSummary,
): Promise<void> {
  await trx('model_summary_live').where('entity_ref', entityRef).delete();
  const live = environments.filter(environment => environment.live);
  if (live.length === 0) return;
  await trx('model_summary_live')
    .insert(live.map(e => ({ environment: e.name, entity_ref: entityRef })))
    // Another process may be summarising the same model.
    .onConflict()
    .ignore();
}

/** Keyset condition in the order of `page`: values first, then those without one. */
function after(
  query: Knex.QueryBuilder,
  column: string,
  order: 'asc' | 'desc',
  value: string | null,
  ref: string,
): void {
  if (value === null) {
    query.whereNull(column).where('entity_ref', '>', ref);
    return;
  }
  const typed = column === 'attention_rank' ? Number(value) : value;
  query.andWhere(q =>
    q
      .where(column, order === 'asc' ? '>' : '<', typed)
      .orWhere(tie => tie.where(column, typed).where('entity_ref', '>', ref))
      .orWhereNull(column),
  );
}

/** Lower needs a look sooner: critical, blocked, failed, drifting, unknown, stale, the rest. */
function attentionRank(row: StoredSummary): number {
  if (row.attention.includes('unhealthy')) return 0;
  if (row.attention.includes('blocked')) return 1;
  if (
    row.latestRun?.status === 'failed' ||
    row.lastDelivery?.state === 'failed'
  )
    return 2;
  if (row.attention.includes('drifting')) return 3;
  if (row.monitorCounts.unknown > 0) return 4;
  if (row.attention.includes('stale')) return 5;
  return 6;
}
