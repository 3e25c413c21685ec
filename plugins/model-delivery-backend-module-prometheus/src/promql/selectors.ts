import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { PromqlError, piecesOf } from './pieces';

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

/**
 * A selector of `up` as people write it: `{job="x"}`, or with a metric of its own, such as
 * `probe_success{instance="x"}`.
 *
 * @throws PromqlError where it is more, or less, than one selector with a label.
 */
export function upSelector(text: string): string {
  const written = text.trim();
  const { topNode } = parser.parse(written);
  const selector = topNode.getChild('VectorSelector');
  const matchers = selector?.getChild('LabelMatchers');
  const labels = ['UnquotedLabelMatcher', 'QuotedLabelMatcher'].flatMap(
    name => matchers?.getChildren(name) ?? [],
  );
  const metrics = [
    ...(selector?.getChildren('Identifier') ?? []),
    ...(matchers?.getChildren('QuotedLabelName') ?? []),
  ];
  const isOne =
    selector?.from === 0 &&
    selector.to === written.length &&
    labels.length > 0 &&
    metrics.length <= 1 &&
    !hasError(topNode);
  if (!isOne) {
    throw new PromqlError(
      `is ${JSON.stringify(written.slice(0, 80))}: one selector such as {job="my-model"} is due`,
    );
  }
  return metrics.length === 0 ? `up${written}` : written;
}

function hasError(tree: SyntaxNode): boolean {
  let found = false;
  tree.cursor().iterate(({ type }) => {
    found ||= type.isError;
  });
  return found;
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
