import { isUtf8 } from 'node:buffer';
import { InputError } from '@backstage/errors';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

const MAX_ROWS = 200_000;
const MAX_COLUMNS = 500;
/** Texts that mean a missing value unless a person names others, in lower case. */
export const USUAL_MISSING = ['na', 'n/a', 'nan', 'null', 'none', '?', '-'];

/** A CSV: the names of its columns, and the texts of its rows. */
export interface Table {
  columns: string[];
  rows: string[][];
}

/** @throws InputError that says what is wrong with the file, and where. */
export function parseTable(content: Buffer): Table {
  const text = decode(content);
  if (/^\s*<(?:!doctype html|html)\b/i.test(text)) {
    throw new InputError(
      'The address answers with a web page and not with a CSV. Use the address of the raw file.',
    );
  }
  let records: string[][];
  try {
    records = parse(text, {
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
  const broken = columns.find(name => /\p{Cc}/u.test(name));
  if (broken !== undefined) {
    throw new InputError(
      `The name of the column ${JSON.stringify(broken)} has a line break or another control character; rename it`,
    );
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InputError(`Two columns of the CSV are named ${twice}`);
  }
  return { columns, rows };
}

/** A table with the empty text for each text that means a missing value, in any case. */
export function blankMissing(
  { columns, rows }: Table,
  missing: readonly string[] = USUAL_MISSING,
): Table {
  const absent = new Set(missing.map(text => text.toLowerCase()));
  return {
    columns,
    rows: rows.map(row =>
      row.map(text => (absent.has(text.toLowerCase()) ? '' : text)),
    ),
  };
}

/** @throws InputError for what is not UTF-8, with the row. */
function decode(content: Buffer): string {
  if (isUtf8(content)) return new TextDecoder('utf-8').decode(content);
  const lines = splitLines(content);
  const row = lines.findIndex(line => !isUtf8(line)) + 1;
  throw new InputError(
    `Line ${row} of the CSV is not UTF-8. Save the file with the encoding UTF-8; Latin-1 and Windows-1252 are not read.`,
  );
}

function splitLines(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let to = content.indexOf(10); to >= 0; to = content.indexOf(10, from)) {
    lines.push(content.subarray(from, to));
    from = to + 1;
  }
  return [...lines, content.subarray(from)];
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
