import { parseLine, plainText } from './ansi';

describe('parseLine', () => {
  it('turns colours into spans and drops all else that a terminal obeys', () => {
    expect(parseLine('\u001b[1;32mok\u001b[0m done')).toEqual([
      { text: 'ok', color: 'green' },
      { text: ' done', color: 'plain' },
    ]);
    expect(
      plainText(
        '\u001b]8;;http://evil\u0007link\u001b]8;;\u0007\u001b[2K\u0000!',
      ),
    ).toBe('link!');
  });

  it('shows marks that would turn the text round', () => {
    expect(plainText('a\u202eb')).toBe('a\ufffdb');
  });

  it('cuts a line that has no end', () => {
    expect(plainText('x'.repeat(10_000))).toBe(
      `${'x'.repeat(4000)} … 6000 more`,
    );
  });
});
