/** A stretch of a log line in one colour. */
export interface LogSpan {
  text: string;
  color: 'plain' | 'red' | 'green' | 'yellow' | 'blue' | 'dim' | 'bold';
}

const COLORS: Record<number, LogSpan['color']> = {
  0: 'plain',
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'blue',
  36: 'blue',
  39: 'plain',
  90: 'dim',
  91: 'red',
  92: 'green',
  93: 'yellow',
  94: 'blue',
  96: 'blue',
};

const MAX_LINE = 4000;
/* eslint-disable no-control-regex */
const SGR = /\u001b\[([0-9;]*)m/;
/** Everything else that a terminal would obey: titles, cursor moves, links. */
const OTHER_ESCAPES =
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-?]*[ -/]*[@-ln-~]|\u001b[@-Z\\-_]|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g;
const ESCAPE = /\u001b/g;
/* eslint-enable no-control-regex */
/** Marks that turn the reading order round, so that a line reads as it is written. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;

/** A hostile line as plain text: colours become spans, all other control characters go. */
export function parseLine(raw: string): LogSpan[] {
  const cut = raw.length > MAX_LINE;
  const line = raw
    .slice(0, MAX_LINE)
    .replace(OTHER_ESCAPES, '')
    .replace(BIDI, '\ufffd');
  const spans: LogSpan[] = [];
  let color: LogSpan['color'] = 'plain';
  line.split(new RegExp(SGR, 'g')).forEach((part, index) => {
    if (index % 2 === 1) {
      const codes = part.split(';').map(Number);
      color = codes.reduce<LogSpan['color']>(
        (known, code) => COLORS[code] ?? known,
        color,
      );
    } else if (part !== '') {
      spans.push({ text: part.replace(ESCAPE, ''), color });
    }
  });
  if (cut) {
    spans.push({ text: ` … ${raw.length - MAX_LINE} more`, color: 'dim' });
  }
  return spans;
}

/** The line as text alone, to be searched. */
export const plainText = (raw: string): string =>
  parseLine(raw)
    .map(span => span.text)
    .join('');
