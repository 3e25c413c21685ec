import { InputError } from '@backstage/errors';
import type { Choices, Column } from './inferColumns';
import { columnOf, type Table } from './table';

/** Of what the most frequent class leaves open, a feature that explains this share is suspicious. */
const SUSPICIOUS_SHARE = 0.95;
/** A feature whose value is the target itself in this share of the rows. */
const SAME_SHARE = 0.9;
/** A linear function of the target, up to rounding. */
const SUSPICIOUS_CORRELATION = 0.999;

/**
 * Refuses features that tell the target by themselves: mostly they are made from it, and not known when
 * the model predicts.
 *
 * @throws InputError that names them, unless the choices say that they are known before.
 */
export function refuseLeaks(
  table: Table,
  columns: Column[],
  choices: Choices,
): void {
  const target = columnOf(table, choices.target, 'target');
  const found = columns
    .filter(
      ({ name, role }) =>
        role === 'feature' && !choices.knownBefore.includes(name),
    )
    .flatMap(column => {
      const values = columnOf(table, column.name, 'column');
      const how = leakOf(values, target, column, choices.task);
      return how ? [`${column.name} ${how}`] : [];
    });
  if (found.length === 0) return;
  throw new InputError(
    `${found.join('; ')}. Such a column is mostly made from the target. Leave it out, or name it as known before, if a row has it when the model predicts.`,
  );
}

function leakOf(
  values: string[],
  target: string[],
  column: Column,
  task: Choices['task'],
): string | undefined {
  const same = values.filter((value, i) => value === target[i]).length;
  if (same / target.length >= SAME_SHARE) {
    return `is the target in ${percent(same / target.length)} of the rows`;
  }
  if (task === 'classification') {
    const explained = explainedShare(values, target, column.kind);
    return explained >= SUSPICIOUS_SHARE
      ? `alone tells the target: it explains ${percent(explained)} of what the most frequent class leaves open`
      : undefined;
  }
  if (column.kind !== 'numeric') return undefined;
  const known = values.flatMap((value, i) =>
    value === '' ? [] : [[Number(value), Number(target[i])] as const],
  );
  const r = Math.abs(correlation(known));
  return r >= SUSPICIOUS_CORRELATION
    ? `is a linear function of the target (correlation ${r.toFixed(4)})`
    : undefined;
}

/**
 * How much better than the most frequent class a feature tells the class of a row from the other rows: 1
 * for always, 0 for no better. Numbers by the rows beside each in their order, texts by the rows with the same.
 */
function explainedShare(
  values: string[],
  target: string[],
  kind: Column['kind'],
): number {
  const right =
    kind === 'numeric' && new Set(values).size > values.length / 5
      ? rightByNeighbour(values, target)
      : rightByValue(values, target);
  const most = Math.max(...countsOf(target).values()) / target.length;
  return most === 1 ? 0 : (right / target.length - most) / (1 - most);
}

/** Of a row, the class of most others with the same value. */
function rightByValue(values: string[], target: string[]): number {
  const byValue = new Map<string, string[]>();
  values.forEach((value, i) => {
    const classes = byValue.get(value);
    if (classes) classes.push(target[i]);
    else byValue.set(value, [target[i]]);
  });
  let right = 0;
  for (const classes of byValue.values()) {
    const counts = [...countsOf(classes).values()].sort((a, b) => b - a);
    const [most, second = 0] = counts;
    if (most - 1 > second) right += most;
  }
  return right;
}

/** Of a row, the class of the row before it in the order of the values. */
function rightByNeighbour(values: string[], target: string[]): number {
  const order = values
    .map((value, i) => ({ value: Number(value || NaN), label: target[i] }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => a.value - b.value);
  return order.filter(({ label }, i) => i > 0 && order[i - 1].label === label)
    .length;
}

function countsOf(texts: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function correlation(pairs: (readonly [number, number])[]): number {
  const mean = (of: number[]) => of.reduce((a, b) => a + b, 0) / of.length;
  const mx = mean(pairs.map(([x]) => x));
  const my = mean(pairs.map(([, y]) => y));
  const sum = (of: (dx: number, dy: number) => number) =>
    pairs.reduce((total, [x, y]) => total + of(x - mx, y - my), 0);
  const spread = Math.sqrt(sum(dx => dx * dx) * sum((_, dy) => dy * dy));
  return spread === 0 ? 0 : sum((dx, dy) => dx * dy) / spread;
}

function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
