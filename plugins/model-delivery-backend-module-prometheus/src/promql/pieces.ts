import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A stretch of a query: code, or one quoted text with its quotes. */
export type Piece =
  | { kind: 'code'; text: string }
  | {
      kind: 'text';
      text: string;
      quote: '"' | "'" | '`';
      /** The label and the sign before it, where it is a label's value in a selector. */
      matcher: { label: string; sign: '=' | '!=' | '=~' | '!~' } | null;
      /** Which selector of the query it stands in, counted from 0. */
      selector: number;
    };

/** Text that is no PromQL; the message is a sentence for its author. */
export class PromqlError extends Error {
  readonly name = 'PromqlError';
}

const WHOLE_TEXT = /^(?:"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`[^`]*`)$/;
const SIGN = /^(?:=~|!~|!=|=)$/;

/**
 * Cuts a query into its quoted texts and what stands between them. A query of a dialect that
 * Prometheus' grammar does not know is cut too: its labels' values are found all the same.
 *
 * @throws PromqlError
 */
export function piecesOf(query: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let selector = -1;
  parser.parse(query).iterate({
    enter({ name, from, to, node }) {
      if (name === 'LabelMatchers') selector += 1;
      if (name !== 'StringLiteral') return;
      const text = query.slice(from, to);
      if (!WHOLE_TEXT.test(text)) {
        throw new PromqlError(
          `has a quoted text without an end: ${query.slice(from, from + 40)}`,
        );
      }
      pieces.push({ kind: 'code', text: query.slice(at, from) });
      pieces.push({
        kind: 'text',
        text,
        quote: text[0] as '"',
        matcher: matcherOf(node, query),
        selector,
      });
      at = to;
    },
  });
  return [...pieces, { kind: 'code', text: query.slice(at) }];
}

/** The label and the sign of which a text is the value. */
function matcherOf(
  text: SyntaxNode,
  query: string,
): Extract<Piece, { kind: 'text' }>['matcher'] {
  const sign = text.prevSibling;
  const label = sign?.prevSibling;
  if (!label || sign?.name !== 'MatchOp') return null;
  const read = ({ from, to }: SyntaxNode) => query.slice(from, to);
  return SIGN.test(read(sign))
    ? { label: read(label), sign: read(sign) as '=' }
    : null;
}
