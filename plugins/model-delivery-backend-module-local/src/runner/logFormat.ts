import type { LogChunk } from '@slipway/plugin-model-delivery-common';

/** Who speaks in a line: the job, the runner, or the runner about the end of the log. */
export type LogLineKind = 'output' | 'note' | 'cut';

const MARKS: Record<LogLineKind, string> = {
  output: ' ',
  note: '#',
  cut: '!',
};
const TIME_LENGTH = '2000-01-01T00:00:00.000Z'.length;

/** One line of a log file: the time, a mark for who speaks, the text. */
export function formatLogLine(
  kind: LogLineKind,
  at: Date,
  text: string,
): string {
  return `${at.toISOString()}${MARKS[kind]}${printable(text)}\n`;
}

/** Takes terminal colours out and makes other control characters visible. */
export function printable(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
      .replace(/\r+$/, '')
      .replace(
        // eslint-disable-next-line no-control-regex
        /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g,
        c => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
      )
  );
}

/**
 * Reads lines out of a log file's text.
 *
 * @param after - the number of the last line already had; the first line is number 1.
 * @param ended - whether more may come.
 */
export function readLogLines(
  text: string,
  range: { after: number; limit: number },
  ended: boolean,
): LogChunk {
  const all = text.split('\n');
  // The last one is empty, or a line that is being written.
  all.pop();
  const chosen = all.slice(range.after, range.after + range.limit);
  const next = Math.min(range.after, all.length) + chosen.length;
  return {
    lines: chosen.map((line, index) => ({
      n: range.after + index + 1,
      at: line.slice(0, TIME_LENGTH),
      text:
        line[TIME_LENGTH] === MARKS.output
          ? line.slice(TIME_LENGTH + 1)
          : `▸ ${line.slice(TIME_LENGTH + 1)}`,
    })),
    next: chosen.length > 0 ? next : range.after,
    ended: ended && range.after + chosen.length >= all.length,
    truncated: all.some(line => line[TIME_LENGTH] === MARKS.cut),
  };
}
