import { InputError } from '@backstage/errors';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

const MAX_ROWS = 200_000;
const MAX_COLUMNS = 500;
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/** A CSV as it came: texts, with every way to say *missing* turned into the empty text. */
export interface Table {
  columns: string[];
  rows: string[][];
}

/** @throws InputError that says what is wrong with the file, and where. */
export function parseTable(content: Buffer): Table {
  let records: string[][];
  try {
    records = parse(content, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      to: MAX_ROWS + 2,
    });
  } catch (error) {
    throw new InputError(`The CSV cannot be read: ${(error as Error).message}`);
  }
  const [columns, ...rows] = records;
  if (!columns || rows.length === 0) {
    throw new InputError('The CSV has no rows below its header');
  }
  if (rows.length > MAX_ROWS) {
    throw new InputError(
      `The CSV has more than ${MAX_ROWS} rows; choose from them first`,
    );
  }
  if (columns.length > MAX_COLUMNS) {
    throw new InputError(
      `The CSV has ${columns.length} columns; at most ${MAX_COLUMNS} are read`,
    );
  }
  const unnamed = columns.findIndex(name => name === '');
  if (unnamed >= 0) {
    throw new InputError(`Column ${unnamed + 1} of the CSV has no name`);
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InputError(`Two columns of the CSV are named ${twice}`);
  }
  return {
    columns,
    rows: rows.map(row =>
      row.map(text =>
        MISSING.has(text.toLocaleLowerCase('en-US')) ? '' : text,
      ),
    ),
  };
}

/** The texts of one column. @throws InputError naming the columns that there are. */
export function columnOf(table: Table, name: string, what: string): string[] {
  const index = table.columns.indexOf(name);
  if (index < 0) {
    throw new InputError(
      `The ${what} ${JSON.stringify(
        name,
      )} is not a column of the CSV; it has ${table.columns.join(', ')}`,
    );
  }
  return table.rows.map(row => row[index]);
}

/** As a CSV with Unix line ends. */
export function writeTable({ columns, rows }: Table): string {
  return stringify([columns, ...rows], { record_delimiter: 'unix' });
}
