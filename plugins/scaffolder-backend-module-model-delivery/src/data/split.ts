import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import type { Choices } from './inferColumns';
import { columnOf, type Table } from './table';

const SMALL_ROWS = 500;
const SMALL_HOLDOUT = 0.4;
const HOLDOUT = 0.25;

export interface Split {
  method: 'random' | 'stratified' | 'time' | 'group';
  column: string | null;
  holdoutShare: number;
  train: Table;
  holdout: Table;
}

/**
 * Splits off the holdout: by time or by group where a column is named, else by class, else at
 * random. The same rows always make the same split.
 */
export function splitTable(given: Table, choices: Choices): Split {
  const table = choices.timeColumn
    ? sortedByTime(given, choices.timeColumn)
    : given;
  const share = table.rows.length < SMALL_ROWS ? SMALL_HOLDOUT : HOLDOUT;
  const { method, column, order } = ordered(table, choices);
  const held = new Set(pick(order, Math.round(table.rows.length * share)));
  const part = (inside: boolean): Table => ({
    columns: table.columns,
    rows: table.rows.filter((_, i) => held.has(i) === inside),
  });
  const train = part(false);
  const holdout = part(true);
  if (train.rows.length === 0 || holdout.rows.length === 0) {
    throw new InputError(
      `The rows cannot be split by ${column ?? method}: one side would be empty`,
    );
  }
  return { method, column, holdoutShare: share, train, holdout };
}

/** Groups of row numbers that stay together, those that are held out first. */
function ordered(table: Table, choices: Choices) {
  const rows = table.rows.map((_, i) => i);
  if (choices.timeColumn) {
    return {
      method: 'time' as const,
      column: choices.timeColumn,
      order: rows.reverse().map(i => [i]),
    };
  }
  if (choices.groupColumn) {
    const groups = columnOf(table, choices.groupColumn, 'group column');
    const byGroup = groupRows(rows, i => groups[i]);
    return {
      method: 'group' as const,
      column: choices.groupColumn,
      order: shuffledBy([...byGroup], ([key]) => key).map(([, held]) => held),
    };
  }
  const shuffled = shuffledBy(
    rows,
    i => `${i}:${table.rows[i].join('\u0000')}`,
  );
  if (choices.task === 'regression') {
    return {
      method: 'random' as const,
      column: null,
      order: shuffled.map(i => [i]),
    };
  }
  const labels = columnOf(table, choices.target, 'target');
  return {
    method: 'stratified' as const,
    column: null,
    order: interleave([...groupRows(shuffled, i => labels[i]).values()]),
  };
}

/** In time order, as later readers expect. @throws InputError for what is no date */
function sortedByTime(table: Table, column: string): Table {
  const times = columnOf(table, column, 'time column').map((text, i) => {
    const at = Date.parse(text);
    if (Number.isNaN(at)) {
      throw new InputError(
        `${column} of row ${i + 1} is ${JSON.stringify(
          text,
        )}, which is no date; write it as 2026-01-31`,
      );
    }
    return at;
  });
  const order = table.rows.map((_, i) => i).sort((a, b) => times[a] - times[b]);
  return { columns: table.columns, rows: order.map(i => table.rows[i]) };
}

function groupRows(
  rows: number[],
  keyOf: (row: number) => string,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Takes whole groups until about `wanted` rows are taken. */
function pick(order: number[][], wanted: number): number[] {
  const taken: number[] = [];
  for (const group of order) {
    if (taken.length >= wanted) break;
    taken.push(...group);
  }
  return taken;
}

/** Lays classes into each other, so that every beginning has them in their shares. */
function interleave(classes: number[][]): number[][] {
  return classes
    .flatMap(rows =>
      rows.map((row, i) => ({ row, at: (i + 0.5) / rows.length })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => [row]);
}

/** In the order of the hashes of their keys: as good as shuffled, and the same every time. */
function shuffledBy<T>(items: T[], keyOf: (item: T) => string): T[] {
  return items
    .map(item => ({
      item,
      hash: createHash('sha256').update(keyOf(item)).digest('hex'),
    }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .map(({ item }) => item);
}
