import type { Attention } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import { decodeCursor, encodeCursor } from './cursor';
import type { Plan } from './entityConditions';
import {
  ATTENTIONS,
  type FleetRow,
  gramsOf,
  type StoredSummary,
} from './fleetRows';

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

export type Restriction = (query: Knex.QueryBuilder, plan: Plan) => void;

/** Counts end here: a larger number is shown as "more than". */
export const MAX_COUNT = 1_000;

/** A filter offers at most this many values. */
const MAX_VALUES = 500;

/** A number of models; `atLeast` where there are more than were counted. */
export interface Count {
  n: number;
  atLeast: boolean;
}

export interface FleetOverview {
  counts: Record<Attention | 'all', Count>;
  facets: Record<'owner' | 'type' | 'lifecycle' | 'environment', string[]>;
}

type Key = { entity_ref: string; sort_value: string | number };

/**
 * Reads the fleet through its indexes: a page costs the same however many models there are. Sets of
 * at most `MAX_COUNT` models are read by their refs; larger ones in the order of the sort, where enough
 * of the rows belong to them.
 */
export class FleetStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async page(
    filter: FleetFilter,
    sort: { by: FleetSort; order: 'asc' | 'desc' },
    page: { cursor?: string; limit: number },
  ): Promise<{ items: StoredSummary[]; nextCursor?: string; total: Count }> {
    const restricted = await this.#restrict(filter);
    const keys = await this.#keys(restricted, sort, page);
    const more = keys.length > page.limit;
    const shown = more ? keys.slice(0, page.limit) : keys;
    const last = shown.at(-1);
    return {
      items: await this.#documents(shown.map(key => key.entity_ref)),
      nextCursor:
        more && last
          ? encodeCursor([String(last.sort_value), last.entity_ref])
          : undefined,
      total: await this.#total(filter, restricted),
    };
  }

  /** How many models there are of each kind, and what they can be filtered by. */
  async overview(visible: Restriction | undefined): Promise<FleetOverview> {
    return visible ? this.#overviewOf(visible) : this.#overviewOfAll();
  }

  async #overviewOfAll(): Promise<FleetOverview> {
    const [numbers, owner, type, lifecycle, environment] = await Promise.all([
      this.#numbers(),
      this.#values('owner'),
      this.#values('type'),
      this.#values('lifecycle'),
      this.#values('environment'),
    ]);
    const number = (facet: string, value: string): Count => ({
      n: numbers.get(`${facet} ${value}`) ?? 0,
      atLeast: false,
    });
    return {
      counts: {
        all: number('all', ''),
        unhealthy: number('attention', 'unhealthy'),
        blocked: number('attention', 'blocked'),
        drifting: number('attention', 'drifting'),
        stale: number('attention', 'stale'),
        unowned: number('attention', 'unowned'),
      },
      facets: { owner, type, lifecycle, environment },
    };
  }

  async #numbers(): Promise<Map<string, number>> {
    const rows: { facet: string; value: string; n: number }[] =
      await this.#knex('fleet_count').whereIn('facet', ['all', 'attention']);
    return new Map(
      rows.map(({ facet, value, n }) => [`${facet} ${value}`, Number(n)]),
    );
  }

  async #values(facet: string): Promise<string[]> {
    return this.#knex('fleet_count')
      .where('facet', facet)
      .where('n', '>', 0)
      .whereNot('value', '')
      .orderBy('value')
      .limit(MAX_VALUES)
      .pluck('value');
  }

  /** Of the first `MAX_COUNT` models that the caller may see. */
  async #overviewOf(visible: Restriction): Promise<FleetOverview> {
    const rows: FleetRow[] = await this.#knex('model_summary')
      .select('entity_ref', 'owner', 'type', 'lifecycle', ...ATTENTIONS)
      .modify(visible, 'by-refs')
      .limit(MAX_COUNT + 1);
    const atLeast = rows.length > MAX_COUNT;
    const counted = (is: (row: FleetRow) => boolean): Count => ({
      n: rows.filter(is).length,
      atLeast,
    });
    const values = (of: string[]) =>
      [...new Set(of)].filter(value => value !== '').sort();
    const environments: string[] = await this.#knex('model_summary_live')
      .whereIn(
        'entity_ref',
        rows.map(row => row.entity_ref),
      )
      .distinct('environment')
      .pluck('environment');
    return {
      counts: {
        all: atLeast ? { n: MAX_COUNT, atLeast } : counted(() => true),
        unhealthy: counted(row => row.unhealthy === 1),
        blocked: counted(row => row.blocked === 1),
        drifting: counted(row => row.drifting === 1),
        stale: counted(row => row.stale === 1),
        unowned: counted(row => row.unowned === 1),
      },
      facets: {
        owner: values(rows.map(row => row.owner)),
        type: values(rows.map(row => row.type)),
        lifecycle: values(rows.map(row => row.lifecycle)),
        environment: values(environments),
      },
    };
  }

  /** Adds the filter to a query, by refs where few models match. */
  async #restrict(
    filter: FleetFilter,
  ): Promise<(query: Knex.QueryBuilder) => void> {
    const conditions: ((query: Knex.QueryBuilder) => void)[] = [];
    const { visible } = filter;
    if (visible) {
      const seen = await this.#refsOf(
        this.#knex('model_summary').modify(visible, 'by-refs'),
      );
      conditions.push(seen ?? (query => visible(query, 'in-order')));
    }
    if (filter.search) {
      const text = filter.search.toLocaleLowerCase('en-US');
      const rare = await this.#rarestGram(text);
      if (rare) conditions.push(query => query.whereIn('entity_ref', rare));
      conditions.push(query => whereContains(query, text));
    }
    const { environment, attention } = filter;
    if (environment.length > 0) {
      conditions.push(query =>
        query.whereExists(
          this.#knex('model_summary_live')
            .whereRaw(
              'model_summary_live.entity_ref = model_summary.entity_ref',
            )
            .whereIn('environment', environment),
        ),
      );
    }
    for (const column of ['owner', 'type', 'lifecycle'] as const) {
      const values = filter[column];
      if (values.length === 1) conditions.push(q => q.where(column, values[0]));
      if (values.length > 1) conditions.push(q => q.whereIn(column, values));
    }
    if (attention) {
      const flagged = await this.#refsOf(
        this.#knex('model_summary').whereRaw('?? = 1', [attention]),
      );
      conditions.push(flagged ?? (q => q.whereRaw('?? = 1', [attention])));
    }
    return query => conditions.forEach(condition => condition(query));
  }

  /** A condition by refs, or undefined where more than `MAX_COUNT` models match. */
  async #refsOf(
    query: Knex.QueryBuilder,
  ): Promise<((query: Knex.QueryBuilder) => void) | undefined> {
    const refs: string[] = await query.limit(MAX_COUNT + 1).pluck('entity_ref');
    return refs.length > MAX_COUNT
      ? undefined
      : q => q.whereIn('entity_ref', refs);
  }

  /** The models that have the rarest piece of a text; undefined where every piece is common. */
  async #rarestGram(text: string): Promise<string[] | undefined> {
    let rarest: string[] | undefined;
    for (const gram of gramsOf(text)) {
      const refs: string[] = await this.#knex('model_search')
        .where({ gram })
        .limit((rarest?.length ?? MAX_COUNT) + 1)
        .pluck('entity_ref');
      if (refs.length <= (rarest?.length ?? MAX_COUNT)) rarest = refs;
      if (rarest?.length === 0) break;
    }
    return rarest;
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

  async #total(
    filter: FleetFilter,
    restrict: (query: Knex.QueryBuilder) => void,
  ): Promise<Count> {
    const { visible, search, owner, type, lifecycle, environment, attention } =
      filter;
    const lists = [owner, type, lifecycle, environment];
    if (!visible && !search && !attention && lists.every(l => l.length === 0)) {
      return { n: (await this.#numbers()).get('all ') ?? 0, atLeast: false };
    }
    const row = await this.#knex
      .count({ n: '*' })
      .from(
        this.#knex('model_summary')
          .select(this.#knex.raw('1 AS one'))
          .modify(restrict)
          .limit(MAX_COUNT + 1)
          .as('matching'),
      )
      .first();
    const n = Number(row?.n ?? 0);
    return n > MAX_COUNT
      ? { n: MAX_COUNT, atLeast: true }
      : { n, atLeast: false };
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

function whereContains(query: Knex.QueryBuilder, text: string): void {
  const pattern = text.replace(/[\\%_]/g, c => `\\${c}`);
  query.whereRaw(`search LIKE ? ESCAPE '\\'`, [`%${pattern}%`]);
}
