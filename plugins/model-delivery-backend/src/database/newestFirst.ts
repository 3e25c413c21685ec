import type { Knex } from 'knex';
import { decodeCursor, encodeCursor } from './cursor';

/**
 * Reads one page in descending order of a time column and a tie-breaking column: a range of the
 * index, whatever the length of the history.
 */
export async function newestFirst<Row extends Record<string, unknown>>(
  query: Knex.QueryBuilder,
  columns: { at: string & keyof Row; id: string & keyof Row },
  page: { cursor?: string; limit: number },
): Promise<{ rows: Row[]; nextCursor?: string }> {
  if (page.cursor) {
    const [at, id] = decodeCursor(page.cursor);
    query.andWhere(q =>
      q
        .where(columns.at, '<', at ?? '')
        .orWhere(tie =>
          tie.where(columns.at, at).andWhere(columns.id, '<', id),
        ),
    );
  }
  const rows: Row[] = await query
    .orderBy([
      { column: columns.at, order: 'desc' },
      { column: columns.id, order: 'desc' },
    ])
    .limit(page.limit + 1);
  const more = rows.length > page.limit;
  const items = more ? rows.slice(0, page.limit) : rows;
  const last = items[items.length - 1];
  return {
    rows: items,
    nextCursor: more
      ? encodeCursor([String(last[columns.at]), String(last[columns.id])])
      : undefined,
  };
}
