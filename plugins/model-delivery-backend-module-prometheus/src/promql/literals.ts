/** A value as it stands inside a PromQL text of this quote, so that it cannot end the text. */
export function escapeText(value: string, quote: '"' | "'"): string {
  return value
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\\"'\p{Cc}\ufffd]/gu, character => {
      if (character === '\\') return '\\\\';
      if (character === '"' || character === "'") {
        return character === quote ? `\\${character}` : character;
      }
      // Prometheus takes a replacement character for bytes that are no text.
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}

/** A value as a regular expression (RE2) that matches it and nothing else. */
export function escapeRegex(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$-]/g, '\\$&');
}

/** `{label="value",…}` of a selector. */
export function selectorOf(labels: Record<string, string>): string {
  const matchers = Object.entries(labels).map(
    ([label, value]) => `${label}="${escapeText(value, '"')}"`,
  );
  return `{${matchers.join(',')}}`;
}
