import type { Attention } from '@slipway/plugin-model-delivery-common/schema';
import type { Knex } from 'knex';
import type { Plan } from './entityConditions';
import { ATTENTIONS } from './fleetRows';

/** Restricts a query over `model_summary` to some models. */
export type Restriction = (query: Knex.QueryBuilder, plan: Plan) => void;

/** Counts end here: a larger number is shown as "more than". */
export const MAX_COUNT = 500;

/** A filter offers at most this many values. */
const MAX_VALUES = 500;

/** A number of models; `atLeast` where there are more than were counted. */
export interface Count {
  n: number;
  atLeast: boolean;
}

const FACETS = ['owner', 'type', 'lifecycle'] as const;

/** Models of one owner, type and lifecycle; PostgreSQL tells numbers as text. */
type Group = Record<(typeof FACETS)[number], string> &
  Record<Attention | 'n', number | string>;

export interface FleetOverview {
  counts: Record<Attention | 'all', Count>;
  facets: Record<(typeof FACETS)[number] | 'environment', string[]>;
}

/** How many rows a query has; one more than `MAX_COUNT` stands for any larger number. */
export async function boundedCount(
  knex: Knex,
  query: Knex.QueryBuilder,
): Promise<number> {
  const row = await knex
    .count({ n: '*' })
    .from(
      query
        .select(knex.raw('1 AS one'))
        .limit(MAX_COUNT + 1)
        .as('counted'),
    )
    .first();
  return Number(row?.n ?? 0);
}

export function bounded(n: number): Count {
  return n > MAX_COUNT
    ? { n: MAX_COUNT, atLeast: true }
    : { n, atLeast: false };
}

/** Counts the models of the fleet by what they are filtered by. */
export class FleetCounts {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** How many models there are of each kind, and what they can be filtered by. */
  async overview(visible: Restriction | undefined): Promise<FleetOverview> {
    return visible ? this.#overviewOf(visible) : this.#overviewOfAll();
  }

  /** How many models need attention for a reason. */
  async attention(reason: Attention): Promise<number> {
    return (await this.#numbers()).get(reason) ?? 0;
  }

  async all(): Promise<number> {
    return (await this.#numbers()).get('all') ?? 0;
  }

  async #overviewOfAll(): Promise<FleetOverview> {
    const [numbers, owner, type, lifecycle, environment] = await Promise.all([
      this.#numbers(),
      this.#values('owner'),
      this.#values('type'),
      this.#values('lifecycle'),
      this.#values('environment'),
    ]);
    return {
      counts: countsFrom(name => ({
        n: numbers.get(name) ?? 0,
        atLeast: false,
      })),
      facets: { owner, type, lifecycle, environment },
    };
  }

  /** Of all models, and of those that need attention for a reason. */
  async #numbers(): Promise<Map<string, number>> {
    const rows: { facet: string; value: string; n: number }[] =
      await this.#knex('fleet_count').whereIn('facet', ['all', 'attention']);
    return new Map(rows.map(({ value, n }) => [value || 'all', Number(n)]));
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

  /** Of the first models that the caller may see, one more than `MAX_COUNT`. */
  async #overviewOf(visible: Restriction): Promise<FleetOverview> {
    const seen = () =>
      this.#knex('model_summary')
        .modify(visible, 'by-refs')
        .limit(MAX_COUNT + 1);
    const [groups, environments] = await Promise.all([
      this.#groupsOf(seen()),
      this.#knex('model_summary_live')
        .distinct('environment')
        .whereIn(
          'entity_ref',
          this.#knex
            .select('entity_ref')
            .from(
              seen()
                .select({ entity_ref: 'model_summary.entity_ref' })
                .as('seen'),
            ),
        )
        .pluck('environment'),
    ]);
    const sum = (of: (group: Group) => number) =>
      groups.reduce((total, group) => total + of(group), 0);
    const all = bounded(sum(({ n }) => Number(n)));
    const values = (of: string[]) =>
      [...new Set(of)].filter(value => value !== '').sort();
    return {
      counts: countsFrom(name =>
        name === 'all'
          ? all
          : { n: sum(group => Number(group[name])), atLeast: all.atLeast },
      ),
      facets: {
        owner: values(groups.map(({ owner }) => owner)),
        type: values(groups.map(({ type }) => type)),
        lifecycle: values(groups.map(({ lifecycle }) => lifecycle)),
        environment: values(environments),
      },
    };
  }

  async #groupsOf(seen: Knex.QueryBuilder): Promise<Group[]> {
    return this.#knex
      .select(...FACETS)
      .count({ n: '*' })
      .sum(Object.fromEntries(ATTENTIONS.map(reason => [reason, reason])))
      .from(seen.select(...FACETS, ...ATTENTIONS).as('seen'))
      .groupBy(...FACETS);
  }
}

function countsFrom(
  count: (name: Attention | 'all') => Count,
): FleetOverview['counts'] {
  return {
    all: count('all'),
    unhealthy: count('unhealthy'),
    blocked: count('blocked'),
    drifting: count('drifting'),
    stale: count('stale'),
    unowned: count('unowned'),
  };
}
