import { type Piece, PromqlError, piecesOf } from './pieces';

/** Labels that a target itself has, in most installations, and so its `up` too. */
const TARGET_LABELS = [
  'job',
  'instance',
  'cluster',
  'namespace',
  'service',
  'pod',
  'model',
  'environment',
];

const METRIC = /^[A-Za-z_:][\w:]*$/;

/**
 * A selector of `up` as people write it: `{job="x"}`, or with a metric of its own, such as
 * `probe_success{instance="x"}`.
 *
 * @throws PromqlError where it is more, or less, than one selector with a label.
 */
export function upSelector(text: string): string {
  const written = text.trim();
  const pieces = piecesOf(written);
  const [first, ...others] = pieces;
  const [metric, ...rest] = first.text.split('{');
  const last = pieces[pieces.length - 1];
  const isOne =
    rest.length === 1 &&
    (metric.trim() === '' || METRIC.test(metric.trim())) &&
    /^\s*,?\s*\}$/.test(last.text) &&
    others.every(piece => (piece.kind === 'text' ? piece.matcher : true)) &&
    others.slice(0, -1).every(isSeparator);
  if (!isOne) {
    throw new PromqlError(
      `is ${JSON.stringify(written.slice(0, 80))}: one selector such as {job="my-model"} is due`,
    );
  }
  return metric.trim() === '' ? `up${written}` : written;
}

function isSeparator(piece: Piece): boolean {
  return (
    piece.kind === 'text' ||
    /^\s*,\s*[A-Za-z_]\w*\s*(=~|!~|!=|=)\s*$/.test(piece.text)
  );
}

/**
 * The `up` of what a query watches: the labels that targets have, out of the first selector of the
 * query that names any. Undefined where none does.
 */
export function upOfQuery(query: string): string | undefined {
  const bySelector = new Map<number, string[]>();
  for (const piece of piecesOf(query)) {
    if (piece.kind !== 'text' || !piece.matcher) continue;
    const { label, sign } = piece.matcher;
    if (!TARGET_LABELS.includes(label)) continue;
    const matchers = bySelector.get(piece.selector) ?? [];
    matchers.push(`${label}${sign}${piece.text}`);
    bySelector.set(piece.selector, matchers);
  }
  const [matchers] = bySelector.values();
  return matchers && `up{${matchers.join(',')}}`;
}
