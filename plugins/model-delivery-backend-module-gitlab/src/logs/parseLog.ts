import type { LogChunk } from '@slipway/plugin-model-delivery-common/schema';

const MAX_LINE = 4_000;
/** A time to the microsecond, and the stream that it was written to. */
const STAMPED =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z [0-9a-f]{2}[OE][ +]?(.*)$/s;

/** What a terminal shows of a line: what stands before its last return is written over. */
function shown(line: string): string {
  return line.slice(line.lastIndexOf('\r') + 1).replaceAll('\u001b[0K', '');
}

function parseLine(line: string, n: number): LogChunk['lines'][number] {
  const match = STAMPED.exec(line);
  const text = shown(match ? match[3] : line).slice(0, MAX_LINE);
  if (!match) return { n, at: null, text };
  const [, seconds, fraction = ''] = match;
  return { n, at: `${seconds}${fraction.slice(0, 4)}Z`, text };
}

/** The lines whose numbers are greater than `after`; the last one only once it is whole. */
export function pageOfLog(
  log: { text: string; cut: boolean; hasEnded: boolean },
  { after, limit }: { after: number; limit: number },
): LogChunk {
  const lines = log.text.split(/\r?\n/);
  if (lines.at(-1) === '' || !log.hasEnded) lines.pop();
  const page = lines.slice(after, after + limit);
  return {
    lines: page.map((line, index) => parseLine(line, after + index + 1)),
    next: Math.max(after, after + page.length),
    ended: log.hasEnded && after + page.length >= lines.length,
    truncated: log.cut,
  };
}
