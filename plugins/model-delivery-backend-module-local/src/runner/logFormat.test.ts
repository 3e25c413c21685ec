import fc from 'fast-check';
import { formatLogLine, printable, readLogLines } from './logFormat';

describe('a log', () => {
  const at = new Date('2025-01-01T00:00:00Z');

  it('shows bytes that are no text, and drops colours', () => {
    expect(printable('a\u0000b\u001b[31mred\u001b[0m\tc\u0007\r')).toBe(
      'a\\x00bred\tc\\x07',
    );
  });

  it('is read as it was written, in any pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        (texts, limit) => {
          const file = texts
            .map(text => formatLogLine('output', at, text))
            .join('');
          const read = [];
          let after = 0;
          for (;;) {
            const chunk = readLogLines(file, { after, limit }, true);
            read.push(...chunk.lines);
            after = chunk.next;
            if (chunk.ended) break;
          }
          expect(read.map(({ text }) => text)).toEqual(texts.map(printable));
          expect(read.map(({ n }) => n)).toEqual(texts.map((_, i) => i + 1));
        },
      ),
    );
  });

  it('leaves out a line that is being written, and has not ended while a job runs', () => {
    const file = `${formatLogLine('note', at, 'begin')}2025-01`;
    expect(readLogLines(file, { after: 0, limit: 10 }, false)).toEqual({
      lines: [{ n: 1, at: '2025-01-01T00:00:00.000Z', text: '▸ begin' }],
      next: 1,
      ended: false,
      truncated: false,
    });
    expect(readLogLines('', { after: 0, limit: 10 }, true).ended).toBe(true);
  });
});
