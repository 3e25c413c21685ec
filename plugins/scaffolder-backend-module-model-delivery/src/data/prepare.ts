import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { type Choices, inferColumns, type Inferred } from './inferColumns';
import { splitTable } from './split';
import { columnOf, parseTable, type Table, writeTable } from './table';

const MIN_ROWS = 50;

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
  choices: Choices & { name: string; url: string; licence: string },
): PreparedData {
  const raw = parseTable(content);
  const { table, notes } = clean(raw, choices);
  const inferred = inferColumns(table, choices);
  notes.push(...inferred.leftOut.map(c => `${c.name} ${c.reason}; left out`));
  const kept = keepColumns(
    table,
    inferred.columns.map(c => c.name),
  );
  const split = splitTable(kept, choices);
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
