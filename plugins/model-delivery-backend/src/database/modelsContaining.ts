import type { Knex } from 'knex';
import { gramsOf } from './fleetRows';

/** Where a piece is as rare as the first number, no rarer one is looked for. */
const RARE = 200;
/** A long text is found by its first pieces. */
const MAX_GRAMS = 24;

/**
 * The models whose search text has a text, found by its rarest piece.
 *
 * @param max - undefined where every piece has more models than this.
 */
export async function modelsContaining(
  knex: Knex,
  text: string,
  max: number,
): Promise<string[] | undefined> {
  const grams = gramsOf(text).slice(0, MAX_GRAMS);
  for (const most of [Math.min(RARE, max), max]) {
    const gram = await rarestOf(knex, grams, most);
    if (gram !== undefined) {
      return knex('model_search')
        .where({ gram })
        .join(
          'model_summary',
          'model_summary.entity_ref',
          'model_search.entity_ref',
        )
        .modify(whereContains, text)
        .pluck('model_search.entity_ref');
    }
  }
  return undefined;
}

/** Restricts a query over `model_summary` to a search text that has a text in it. */
export function whereContains(query: Knex.QueryBuilder, text: string): void {
  const pattern = text.replace(/[\\%_]/g, c => `\\${c}`);
  query.whereRaw(`search LIKE ? ESCAPE '\\'`, [`%${pattern}%`]);
}

/** The piece with the fewest models, of those that have at most so many; in one query. */
async function rarestOf(
  knex: Knex,
  grams: string[],
  most: number,
): Promise<string | undefined> {
  if (grams.length === 0) return undefined;
  const counts: { gram: number; n: number }[] = await knex.unionAll(
    grams.map((gram, index) =>
      knex
        .select(knex.raw('? + 0 AS gram', [index]))
        .count({ n: '*' })
        .from(
          knex('model_search')
            .select(knex.raw('1 AS one'))
            .where({ gram })
            .limit(most + 1)
            .as('counted'),
        ),
    ),
  );
  const rare = counts
    .map(({ gram, n }) => ({ gram: grams[Number(gram)], n: Number(n) }))
    .filter(({ n }) => n <= most)
    .sort((a, b) => a.n - b.n);
  return rare[0]?.gram;
}
