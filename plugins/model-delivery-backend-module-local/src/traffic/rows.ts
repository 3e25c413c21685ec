import type { Signature } from '@slipway/plugin-model-delivery-common';
import type { JsonValue } from '@slipway/plugin-model-delivery-node';

type Row = Record<string, JsonValue>;

const MISSING = new Set(['', 'NA', 'NaN', 'nan', 'null']);

/** The rows of a CSV file by column, as text. Quotes as in RFC 4180. */
export function parseCsv(text: string): Array<Record<string, string>> {
  const lines: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/g;
  for (const [, field, end] of text.matchAll(pattern)) {
    lines
      .at(-1)!
      .push(
        field.startsWith('"')
          ? field.slice(1, -1).replaceAll('""', '"')
          : field,
      );
    if (end === '') break;
    if (end !== ',') lines.push([]);
  }
  const [header, ...rows] = lines.filter(
    line => line.length > 1 || line[0] !== '',
  );
  return rows.map(row =>
    Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])),
  );
}

/**
 * Rows as the inputs of a model. A row that lacks what the model cannot do without is left out.
 */
export function inputRows(
  rows: Array<Record<string, string>>,
  signature: Signature,
): Row[] {
  return rows.flatMap(row => {
    const entries: Array<[string, JsonValue]> = [];
    for (const field of signature.inputs) {
      const value = toValue(row[field.name] ?? '', field.datatype);
      if (value === null && !field.optional) return [];
      if (value !== null) entries.push([field.name, value]);
    }
    return entries.length > 0 ? [Object.fromEntries(entries)] : [];
  });
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
