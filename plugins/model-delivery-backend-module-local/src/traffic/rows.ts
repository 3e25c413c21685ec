import type { Signature } from '@slipway/plugin-model-delivery-common';
import type { JsonValue } from '@slipway/plugin-model-delivery-node';
import { parse } from 'csv-parse/sync';

type Row = Record<string, JsonValue>;

const MISSING = new Set(['', 'NA', 'NaN', 'nan', 'null']);

/**
 * The rows of a CSV file by column, as text. A row with too few values lacks the last columns.
 *
 * @throws CsvError where a quote is not closed.
 */
export function parseCsv(
  text: string,
): Array<Record<string, string | undefined>> {
  return parse(text, {
    bom: true,
    columns: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
}

/** A row as a model takes it, and its true value where the row has it. */
export interface ModelRow {
  inputs: Row;
  label: JsonValue;
}

/**
 * Rows as the inputs of a model. A row that lacks what the model cannot do without is left out.
 */
export function modelRows(
  rows: ReturnType<typeof parseCsv>,
  signature: Signature,
): ModelRow[] {
  const [output] = signature.outputs;
  return rows.flatMap(row => {
    const entries: Array<[string, JsonValue]> = [];
    for (const field of signature.inputs) {
      const value = toValue(row[field.name] ?? '', field.datatype);
      if (value === null && !field.optional) return [];
      if (value !== null) entries.push([field.name, value]);
    }
    if (entries.length === 0) return [];
    const label = output && toValue(row[output.name] ?? '', output.datatype);
    return [{ inputs: Object.fromEntries(entries), label: label ?? null }];
  });
}

/** Equal for rows with equal inputs; a missing input equals one that is null. */
export function rowKey(inputs: Row): string {
  return JSON.stringify(
    Object.entries(inputs)
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function toValue(text: string, datatype: string): JsonValue {
  const trimmed = text.trim();
  if (MISSING.has(trimmed)) return null;
  if (datatype === 'BYTES') return trimmed;
  if (datatype === 'BOOL') return trimmed.toLocaleLowerCase('en-US') === 'true';
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : null;
}

/** Shuffles in an order that the seed alone decides. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed >>> 0;
  const random = () => {
    // mulberry32: small, and the same everywhere.
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
