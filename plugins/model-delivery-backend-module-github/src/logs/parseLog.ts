import type { LogChunk } from '@slipway/plugin-model-delivery-common/schema';

const MAX_LINE = 4_000;
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z (.*)$/s;

/** One line as GitHub writes it: the time, to seven digits of a second, and the text. */
function parseLine(line: string, n: number): LogChunk['lines'][number] {
  const match = STAMPED.exec(line);
  const text = (match ? match[3] : line).slice(0, MAX_LINE);
  if (!match) return { n, at: null, text };
  const [, seconds, fraction = ''] = match;
  return { n, at: `${seconds}${fraction.slice(0, 4)}Z`, text };
}

/** The lines of a log whose numbers are greater than `after`, at most `limit` of them. */
export function pageOfLog(
  log: { text: string; cut: boolean },
  { after, limit }: { after: number; limit: number },
): LogChunk {
  const lines = log.text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const page = lines.slice(after, after + limit);
  return {
    lines: page.map((line, index) => parseLine(line, after + index + 1)),
    next: Math.max(after, after + page.length),
    ended: after + page.length >= lines.length,
    truncated: log.cut,
  };
}
