import { escapeRegex, escapeText } from './literals';
import { type Piece, PromqlError, piecesOf } from './pieces';

/** By name, what `${name}` stands for. */
export type Values = Readonly<Record<string, string>>;

const PLACEHOLDER = /\$\{([A-Za-z_]\w*)\}/;
const EVERY_PLACEHOLDER = new RegExp(PLACEHOLDER, 'g');
/** Text whose escapes are all complete, so that what follows it is not taken for a part of one. */
const WHOLE_ESCAPES =
  /^(?:[^\\]|\\(?:[abfnrtv\\'"]|x[0-9a-f]{2}|[0-7]{3}|u[0-9a-f]{4}|U[0-9a-f]{8}))*$/i;

/** Names of the placeholders of a text. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(EVERY_PLACEHOLDER)].map(([, name]) => name);
}

/**
 * Puts values into a query. A placeholder may stand only inside the quoted value of a label; there
 * its value is written as a text, or as a regular expression that matches it alone, so that no
 * value becomes PromQL.
 *
 * @throws PromqlError
 */
export function bindQuery(query: string, values: Values): string {
  return piecesOf(query)
    .map(piece => {
      const [, name] = PLACEHOLDER.exec(piece.text) ?? [];
      if (name === undefined) return piece.text;
      if (piece.kind !== 'text' || piece.matcher === null) {
        throw new PromqlError(
          `has \${${name}} where no label's quoted value is, such as in {label="\${${name}}"}; nothing else can be filled in`,
        );
      }
      return bindText(piece, values);
    })
    .join('');
}

function bindText(
  { text, quote, matcher }: Piece & { kind: 'text' },
  values: Values,
): string {
  if (quote === '`') {
    throw new PromqlError(
      `has a placeholder between backticks, where nothing can be escaped; use "…"`,
    );
  }
  const fixed = text
    .slice(1, -1)
    .split(new RegExp(PLACEHOLDER.source.replace('(', '(?:')));
  if (!fixed.every(part => WHOLE_ESCAPES.test(part))) {
    throw new PromqlError(
      `has a backslash before a placeholder, or an unknown escape: ${text.slice(0, 80)}`,
    );
  }
  const isRegex = matcher?.sign === '=~' || matcher?.sign === '!~';
  return fillIn(text, values, value =>
    escapeText(isRegex ? escapeRegex(value) : value, quote),
  );
}

/**
 * Puts values into a text that nobody interprets.
 *
 * @throws PromqlError for a name that has no value.
 */
export function fillIn(
  text: string,
  values: Values,
  escape: (value: string) => string = value => value,
): string {
  return text.replace(EVERY_PLACEHOLDER, (_, name: string) => {
    if (!Object.hasOwn(values, name)) {
      throw new PromqlError(
        `has \${${name}}, which has no value; there are ${Object.keys(values).join(', ')}, and what "with" names`,
      );
    }
    return escape(values[name]);
  });
}
