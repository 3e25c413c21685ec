import type { Attention } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { decodeCursor, encodeCursor } from './cursor';
import {
  bounded,
  boundedCount,
  type Count,
  FleetCounts,
  type FleetOverview,
  MAX_COUNT,
  type Restriction,
} from './FleetCounts';
import type { StoredSummary } from './fleetRows';
import { modelsContaining, whereContains } from './modelsContaining';

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
  /** Environments of which any has a live version. */
  environment: string[];
  attention?: Attention;
  /** Restricts a query over `model_summary` to what the caller may see. Left out, that is everything. */
  visible?: Restriction;
}

type Condition = (query: Knex.QueryBuilder) => void;

/** A filter as conditions of a query over `model_summary`. */
interface Restricted {
  conditions: Condition[];
  /** How many models it leaves, up to one more than `MAX_COUNT`; undefined where that is not known yet. */
  n: number | undefined;
}

type Key = { entity_ref: string; sort_value: string | number };

/**
 * Reads the fleet through its indexes: a page costs the same however many models there are. Sets of
 * at most `MAX_COUNT` models are read by their refs; larger ones in the order of the sort, where enough
 * of the rows belong to them.
 */
export class FleetStore {
  readonly #knex: Knex;
  readonly #counts: FleetCounts;

  constructor(knex: Knex) {
    this.#knex = knex;
    this.#counts = new FleetCounts(knex);
  }

  async page(
    filter: FleetFilter,
    sort: { by: FleetSort; order: 'asc' | 'desc' },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredSummary[]; nextCursor?: string; total: Count }> {
    const { conditions, n } = await this.#restrict(filter);
    const isAll = conditions.length === 0;
    const restrict: Condition = query =>
      conditions.forEach(condition => condition(query));
    const keys = await this.#keys(restrict, sort, page);
    const more = keys.length > page.limit;
    const shown = more ? keys.slice(0, page.limit) : keys;
    const last = shown.at(-1);
    return {
      items: await this.#documents(shown.map(key => key.entity_ref)),
      nextCursor:
        more && last
          ? encodeCursor([String(last.sort_value), last.entity_ref])
          : undefined,
      total: isAll
        ? { n: await this.#counts.all(), atLeast: false }
        : bounded(n ?? (await this.#count(restrict))),
    };
  }

  /** How many models there are of each kind, and what they can be filtered by. */
  async overview(visible: Restriction | undefined): Promise<FleetOverview> {
    return this.#counts.overview(visible);
  }

  /** What a filter leaves, by refs where few models match. */
  async #restrict(filter: FleetFilter): Promise<Restricted> {
    const parts: Restricted[] = [];
    const { visible, search, environment, attention } = filter;
    if (visible) {
      parts.push(
        await this.#byRefsWhereFew(
          await this.#count(query => visible(query, 'by-refs')),
          query => visible(query, 'by-refs'),
          query => visible(query, 'in-order'),
        ),
      );
    }
    if (search) parts.push(await this.#containing(search));
    if (environment.length > 0) {
      parts.push(
        uncounted(query =>
          query.whereExists(
            this.#knex('model_summary_live')
              .whereRaw(
                'model_summary_live.entity_ref = model_summary.entity_ref',
              )
              .whereIn('environment', environment),
          ),
        ),
      );
    }
    for (const column of ['owner', 'type', 'lifecycle'] as const) {
      const values = filter[column];
      if (values.length === 1) {
        parts.push(uncounted(query => query.where(column, values[0])));
      }
      if (values.length > 1) {
        parts.push(uncounted(query => query.whereIn(column, values)));
      }
    }
    if (attention) {
      const flagged: Condition = query => query.whereRaw('?? = 1', [attention]);
      const n = await this.#counts.attention(attention);
      parts.push(
        // Alone, the index of the flag has the models in the order of each sort.
        parts.length === 0
          ? { conditions: [flagged], n }
          : await this.#byRefsWhereFew(n, flagged, flagged),
      );
    }
    return {
      conditions: parts.flatMap(part => part.conditions),
      n: parts.length === 1 ? parts[0].n : undefined,
    };
  }

  /** @param n - how many models `find` finds, where they are at most `MAX_COUNT`. */
  async #byRefsWhereFew(
    n: number,
    find: Condition,
    check: Condition,
  ): Promise<Restricted> {
    if (n > MAX_COUNT) return { conditions: [check], n };
    const refs: string[] = await this.#knex('model_summary')
      .modify(find)
      .pluck('entity_ref');
    return byRefs(refs);
  }

  async #containing(search: string): Promise<Restricted> {
    const text = search.toLocaleLowerCase('en-US');
    const refs = await modelsContaining(this.#knex, text, MAX_COUNT);
    return refs ? byRefs(refs) : uncounted(query => whereContains(query, text));
  }

  async #keys(
    restrict: (query: Knex.QueryBuilder) => void,
    sort: { by: FleetSort; order: 'asc' | 'desc' },
    page: { cursor?: string; limit: number },
  ): Promise<Key[]> {
    const column = SORT_COLUMN[sort.by];
    const isNumber = column === 'attention_rank';
    const hasEmpty = !isNumber && column !== 'name';
    const after = page.cursor ? decodeCursor(page.cursor) : undefined;
    const query = (limit: number) =>
      this.#knex('model_summary')
        .select('entity_ref', { sort_value: column })
        .modify(restrict)
        .orderBy([
          { column, order: sort.order },
          { column: 'entity_ref', order: sort.order },
        ])
        .limit(limit);
    // Models without a value come last in both directions: descending they do by themselves.
    const emptyLast = hasEmpty && sort.order === 'asc';
    const found: Key[] = [];
    if (!emptyLast || after?.[0] !== '') {
      found.push(
        ...(await query(page.limit + 1).modify(q => {
          if (emptyLast) q.where(column, '>', '');
          if (after) {
            const value = isNumber ? Number(after[0]) : (after[0] ?? '');
            const [sign, or] = sort.order === 'asc' ? ['>', '>='] : ['<', '<='];
            // The first condition is the range of the index, the second the tie at its start.
            q.where(column, or, value).andWhere(w =>
              w
                .where(column, sign, value)
                .orWhere('entity_ref', sign, after[1]),
            );
          }
        })),
      );
    }
    if (emptyLast && found.length <= page.limit) {
      const from = after?.[0] === '' ? after[1] : undefined;
      found.push(
        ...(await query(page.limit + 1 - found.length).modify(q => {
          q.where(column, '');
          if (from !== undefined) q.where('entity_ref', '>', from);
        })),
      );
    }
    return found;
  }

  async #count(restrict: Condition): Promise<number> {
    return boundedCount(
      this.#knex,
      this.#knex('model_summary').modify(restrict),
    );
  }

  async #documents(refs: string[]): Promise<StoredSummary[]> {
    const rows: { entity_ref: string; row: string }[] = await this.#knex(
      'model_document',
    )
      .select('entity_ref', 'row')
      .whereIn('entity_ref', refs);
    const byRef = new Map(rows.map(row => [row.entity_ref, row.row]));
    return refs.flatMap(ref => {
      const row = byRef.get(ref);
      return row ? [JSON.parse(row) as StoredSummary] : [];
    });
  }
}

function byRefs(refs: string[]): Restricted {
  return {
    conditions: [query => query.whereIn('entity_ref', refs)],
    n: refs.length,
  };
}

function uncounted(condition: Condition): Restricted {
  return { conditions: [condition], n: undefined };
}
