import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { type Choices, inferColumns, type Inferred } from './inferColumns';
import { refuseLeaks } from './leakage';
import { type Split, splitTable } from './split';
import {
  blankMissing,
  columnOf,
  parseTable,
  type Table,
  writeTable,
} from './table';

const MIN_ROWS = 50;
/** `data-validate` of the project asks for as many. */
const MIN_TRAIN_CLASS = 10;
/** Texts that usually mean a missing value, and that are names of classes too. */
const AMBIGUOUS = ['none', '-', '?'];

export interface PreparedData {
  /** By path in the project. */
  files: Record<string, string>;
  primaryMetric: Inferred['primaryMetric'];
  /** What was left out and why, a sentence each. */
  notes: string[];
}

/** Makes the data folder of a project from somebody's CSV. Pure; @throws InputError */
export function prepareData(
  content: Buffer,
  choices: Choices & {
    name: string;
    url: string;
    licence: string;
    /** Texts that mean a missing value; the usual ones where it is left out. */
    missing?: string[];
  },
): PreparedData {
  const written = parseTable(content);
  const raw = blankMissing(written, choices.missing);
  if (!choices.missing) refuseLostClasses(written, choices);
  const { table, notes } = clean(raw, choices);
  const inferred = inferColumns(table, choices);
  notes.push(...inferred.leftOut.map(c => `${c.name} ${c.reason}; left out`));
  refuseLeaks(table, inferred.columns, choices);
  const kept = keepColumns(
    table,
    inferred.columns.map(c => c.name),
  );
  const split = splitTable(kept, choices);
  if (choices.task === 'classification') refuseLostSides(split, choices);
  const train = writeTable(split.train);
  const holdout = writeTable(split.holdout);
  const schema = {
    schema: 'model-delivery/dataset/v1',
    name: choices.name,
    missing: [''],
    minRows: Math.max(1, Math.floor(split.train.rows.length / 2)),
    freshDays: null,
    split: {
      method: split.method,
      column: split.column,
      holdoutShare: split.holdoutShare,
    },
    columns: inferred.columns,
  };
  return {
    primaryMetric: inferred.primaryMetric,
    notes,
    files: {
      'data/train.csv': train,
      'data/holdout.csv': holdout,
      'data/schema.json': `${JSON.stringify(schema, null, 2)}\n`,
      'data/SOURCE.md': sourceText(content, choices, notes, [
        ['train.csv', train, split.train.rows.length],
        ['holdout.csv', holdout, split.holdout.rows.length],
      ]),
    },
  };
}

/**
 * Refuses a class whose name usually means that a value is missing: a person decides which it is.
 *
 * @throws InputError with the number of rows and the remedy.
 */
function refuseLostClasses(written: Table, choices: Choices) {
  if (choices.task !== 'classification') return;
  const labels = columnOf(written, choices.target, 'target').map(label =>
    label.toLowerCase(),
  );
  for (const text of AMBIGUOUS) {
    const n = labels.filter(label => label === text).length;
    if (n > 0) {
      throw new InputError(
        `${n} rows have the ${choices.target} ${JSON.stringify(text)}, which may be a class or a missing value. Name the texts that mean a missing value, with or without it.`,
      );
    }
  }
}

/** @throws InputError where training or the holdout has too few rows of a class. */
function refuseLostSides(split: Split, choices: Choices) {
  const sides = [
    ['the training data', split.train, MIN_TRAIN_CLASS],
    ['the holdout', split.holdout, 1],
  ] as const;
  const classes = new Set(
    [split.train, split.holdout].flatMap(side =>
      columnOf(side, choices.target, 'target'),
    ),
  );
  for (const [name, side, least] of sides) {
    const labels = columnOf(side, choices.target, 'target');
    for (const one of classes) {
      const n = labels.filter(label => label === one).length;
      if (n < least) {
        throw new InputError(
          `${name} would have ${n} rows of the class ${JSON.stringify(one)}; at least ${least} are needed. ${
            split.column
              ? `Split by another column than ${split.column}, or add rows.`
              : 'Add rows of it, or leave them out.'
          }`,
        );
      }
    }
  }
}

/** Without rows that lack the target, and without repetitions, which would be on both sides. */
function clean(
  raw: Table,
  choices: Choices,
): { table: Table; notes: string[] } {
  const labels = columnOf(raw, choices.target, 'target');
  const labelled = raw.rows.filter((_, i) => labels[i] !== '');
  const rows = [
    ...new Map(labelled.map(row => [row.join('\u0000'), row])).values(),
  ];
  const notes: string[] = [];
  const unlabelled = raw.rows.length - labelled.length;
  if (unlabelled > 0) {
    notes.push(`${unlabelled} rows lack ${choices.target}; left out`);
  }
  const repeated = labelled.length - rows.length;
  if (repeated > 0) notes.push(`${repeated} rows are repetitions; left out`);
  if (rows.length < MIN_ROWS) {
    throw new InputError(
      `${rows.length} rows have a ${choices.target}; at least ${MIN_ROWS} are needed to train and judge`,
    );
  }
  return { table: { columns: raw.columns, rows }, notes };
}

function keepColumns(table: Table, names: string[]): Table {
  const indexes = names.map(name => table.columns.indexOf(name));
  return {
    columns: names,
    rows: table.rows.map(row => indexes.map(i => row[i])),
  };
}

function sourceText(
  content: Buffer,
  choices: { url: string; licence: string },
  notes: string[],
  files: [string, string, number][],
): string {
  const sha256 = (data: Buffer | string) =>
    createHash('sha256').update(data).digest('hex');
  const line = (text: string) => text.replace(/\s+/g, ' ').trim();
  return [
    '# Where the data comes from',
    '',
    `- Source: \`${line(choices.url).replace(/`/g, '')}\``,
    `- Licence: ${line(choices.licence)}`,
    `- sha256 of the file as it was read: \`${sha256(content)}\``,
    ...notes.map(note => `- ${line(note)}`),
    '',
    '| file | rows | sha256 |',
    '| --- | --- | --- |',
    ...files.map(
      ([name, text, rows]) => `| ${name} | ${rows} | \`${sha256(text)}\` |`,
    ),
    '',
  ].join('\n');
}
