import { InputError } from '@backstage/errors';
import { columnOf, type Table } from './table';

/** A column with this share of numbers is meant to be one of numbers. */
const ALMOST = 0.9;
const DECIMAL_COMMA = /^[-+]?\d+,\d+$/;
const MAX_CATEGORIES = 50;
const MIN_CLASS_ROWS = 10;
/** More distinct numbers than this are a quantity and not labels. */
const MAX_NUMERIC_CLASSES = 20;
/** Below this share of the rarest class, accuracy would hide how it fares. */
const RARE_SHARE = 0.2;

export type Task = 'classification' | 'regression';

/** One column of `data/schema.json`. */
export interface Column {
  name: string;
  role: 'feature' | 'target' | 'time' | 'group' | 'extra';
  kind: 'numeric' | 'categorical' | 'date';
  datatype?: 'FP64' | 'BYTES';
  categories?: string[];
  min?: number;
  max?: number;
  example?: number | string;
  missingMax?: number;
}

export interface Choices {
  target: string;
  task: Task;
  exclude: string[];
  /** Features that may tell the target by themselves, since a row has them when the model predicts. */
  knownBefore: string[];
  timeColumn?: string;
  groupColumn?: string;
}

export interface Inferred {
  columns: Column[];
  /** Columns that are left out, each with the reason. */
  leftOut: { name: string; reason: string }[];
  primaryMetric: 'accuracy' | 'macro_f1' | 'mae';
}

/** Tells what each column holds. @throws InputError where the task does not fit the target. */
export function inferColumns(table: Table, choices: Choices): Inferred {
  const target = inferTarget(
    columnOf(table, choices.target, 'target'),
    choices,
  );
  for (const name of choices.exclude)
    columnOf(table, name, 'column to leave out');
  for (const name of choices.knownBefore)
    columnOf(table, name, 'column that is known before');
  const leftOut: Inferred['leftOut'] = [];
  const columns: Column[] = [];
  for (const name of table.columns) {
    if (name === choices.target) {
      columns.push(target.column);
    } else if (name === choices.timeColumn) {
      columns.push({ name, role: 'time', kind: 'date' });
    } else if (!choices.exclude.includes(name)) {
      const found = inferFeature(name, columnOf(table, name, 'column'));
      if ('reason' in found) leftOut.push(found);
      else if (name === choices.groupColumn) {
        columns.push({ ...found, role: 'group' });
      } else columns.push(found);
    }
  }
  if (choices.timeColumn) columnOf(table, choices.timeColumn, 'time column');
  if (choices.groupColumn) columnOf(table, choices.groupColumn, 'group column');
  if (!columns.some(c => c.role === 'feature')) {
    throw new InputError(
      `No column is left to predict ${choices.target} from: ${
        leftOut.map(c => `${c.name} ${c.reason}`).join('; ') ||
        'all are left out'
      }`,
    );
  }
  return { columns, leftOut, primaryMetric: target.primaryMetric };
}

function inferTarget(
  all: string[],
  { target: name, task }: Choices,
): { column: Column; primaryMetric: Inferred['primaryMetric'] } {
  const texts = all.filter(text => text !== '');
  const distinct = [...new Set(texts)];
  if (task === 'regression') {
    const bad = texts.find(text => !isNumber(text));
    if (bad !== undefined) {
      throw new InputError(
        `${name} cannot be a regression's target: ${JSON.stringify(
          bad,
        )} is not a number. Choose classification or another column.`,
      );
    }
    return {
      column: { ...numeric(name, texts, 0), role: 'target' },
      primaryMetric: 'mae',
    };
  }
  if (texts.every(isNumber) && distinct.length > MAX_NUMERIC_CLASSES) {
    throw new InputError(
      `${name} has ${distinct.length} different numbers, which are a quantity and not labels. Choose regression or another column.`,
    );
  }
  if (distinct.length < 2 || distinct.length > MAX_CATEGORIES) {
    throw new InputError(
      `${name} has ${distinct.length} different values; a classification needs 2 to ${MAX_CATEGORIES}`,
    );
  }
  const counts = distinct.map(value => ({
    value,
    n: texts.filter(text => text === value).length,
  }));
  const rarest = counts.reduce((a, b) => (b.n < a.n ? b : a));
  if (rarest.n < MIN_CLASS_ROWS) {
    throw new InputError(
      `The class ${JSON.stringify(rarest.value)} of ${name} has ${
        rarest.n
      } rows; each needs at least ${MIN_CLASS_ROWS}`,
    );
  }
  return {
    column: {
      name,
      role: 'target',
      kind: 'categorical',
      categories: distinct.sort(),
    },
    primaryMetric:
      rarest.n / texts.length < RARE_SHARE ? 'macro_f1' : 'accuracy',
  };
}

function inferFeature(
  name: string,
  all: string[],
): Column | { name: string; reason: string } {
  const texts = all.filter(text => text !== '');
  const distinct = [...new Set(texts)];
  const missing = 1 - texts.length / all.length;
  if (distinct.length === 0) return { name, reason: 'has no value' };
  if (distinct.length === 1)
    return { name, reason: 'is the same in every row' };
  if (texts.every(isNumber)) {
    return countsRows(texts) && missing === 0
      ? { name, reason: 'numbers the rows' }
      : numeric(name, texts, missing);
  }
  refuseAlmostNumbers(name, all);
  if (distinct.length === texts.length) {
    return { name, reason: 'differs in every row, as an identifier does' };
  }
  if (distinct.length > MAX_CATEGORIES) {
    return {
      name,
      reason: `has ${distinct.length} different texts, more than ${MAX_CATEGORIES}`,
    };
  }
  return {
    name,
    role: 'feature',
    kind: 'categorical',
    datatype: 'BYTES',
    categories: distinct.sort(),
    example: texts[Math.floor(texts.length / 2)],
    missingMax: missingMax(missing),
  };
}

/** Whether numbers are those of the rows in the file, a few left out. */
function countsRows(texts: string[]): boolean {
  const values = texts.map(Number);
  const rises = values.every(
    (value, i) => Number.isInteger(value) && (i === 0 || value > values[i - 1]),
  );
  return rises && values[values.length - 1] - values[0] < values.length * 1.1;
}

/**
 * Refuses a column of numbers with a few texts in it, which would be left out as texts.
 *
 * @throws InputError with the rows and the remedy.
 */
function refuseAlmostNumbers(name: string, all: string[]): void {
  const texts = all.filter(text => text !== '');
  const commas = texts.filter(text => DECIMAL_COMMA.test(text));
  const numbers = texts.filter(isNumber).length + commas.length;
  if (commas.length > 0 && numbers >= texts.length * ALMOST) {
    throw new InputError(
      `${name} has numbers with a decimal comma, such as ${JSON.stringify(commas[0])}. Write them with a point, or leave the column out.`,
    );
  }
  const bad = all.flatMap((text, i) =>
    text === '' || isNumber(text) ? [] : [{ text, row: i + 1 }],
  );
  if (bad.length > texts.length * (1 - ALMOST)) return;
  const examples = bad
    .slice(0, 3)
    .map(({ text, row }) => `${JSON.stringify(text)} in row ${row}`);
  throw new InputError(
    `${bad.length} of ${texts.length} values of ${name} are no numbers: ${examples.join(', ')}. Correct them, name them as missing values, or leave the column out.`,
  );
}

/** A range half as wide again on both sides: new rows may be a little beyond what was seen. */
function numeric(name: string, texts: string[], missing: number): Column {
  const values = texts.map(Number).sort((a, b) => a - b);
  const [min, max] = [values[0], values[values.length - 1]];
  const margin = (max - min) / 2 || Math.abs(max) || 1;
  const rounded = (value: number) => Number(value.toPrecision(6));
  return {
    name,
    role: 'feature',
    kind: 'numeric',
    datatype: 'FP64',
    min: rounded(min >= 0 ? Math.max(0, min - margin) : min - margin),
    max: rounded(max + margin),
    example: values[Math.floor(values.length / 2)],
    missingMax: missingMax(missing),
  };
}

function missingMax(share: number): number {
  return share === 0 ? 0 : Number(Math.min(1, share * 2 + 0.05).toFixed(3));
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text);
}
