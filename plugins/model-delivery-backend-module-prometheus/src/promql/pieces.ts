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

const TEXT = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`[^`]*`/y;
const COMMENT = /#[^\n]*/y;
const BEFORE_VALUE = /([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*$/;

/**
 * Cuts a query into its quoted texts and what stands between them. It is not a parser: Prometheus
 * is. It knows as much as is needed to tell a label's value from everything else.
 *
 * @throws PromqlError
 */
export function piecesOf(query: string): Piece[] {
  const pieces: Piece[] = [];
  let code = '';
  let selector = -1;
  let inside = false;
  for (let at = 0; at < query.length;) {
    const comment = matchAt(COMMENT, query, at);
    const text = comment === null ? matchAt(TEXT, query, at) : null;
    if (text !== null) {
      const found = inside ? BEFORE_VALUE.exec(code) : null;
      pieces.push({ kind: 'code', text: code });
      pieces.push({
        kind: 'text',
        text,
        quote: text[0] as '"',
        matcher: found && { label: found[1], sign: found[2] as '=' },
        selector,
      });
      code = '';
      at += text.length;
      continue;
    }
    const taken = comment ?? query[at];
    if (/^["'`]/.test(taken)) {
      throw new PromqlError(
        `has a quoted text without an end: ${query.slice(at, at + 40)}`,
      );
    }
    if (taken === '{') {
      inside = true;
      selector += 1;
    }
    if (taken === '}') inside = false;
    code += taken;
    at += taken.length;
  }
  return [...pieces, { kind: 'code', text: code }];
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
