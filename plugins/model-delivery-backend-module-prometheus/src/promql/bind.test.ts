import fc from 'fast-check';
import { bindQuery, fillIn } from './bind';
import { piecesOf } from './pieces';

const HOSTILE = [
  '"} or vector(1) or up{x="',
  '\\',
  '\\"',
  "'",
  '`',
  'a\nb',
  '\u0000\u001b\u007f',
  '${model}',
  '$&$1$$',
  '\\E.*\\Q',
  '.*|.+',
  '[a-z]{2}(?i)^$-',
  '🐧\ud800',
  '# no comment',
];

/** Reads a PromQL text as Go's `strconv.Unquote` does, as far as we write escapes. */
function unquote(text: string): string {
  const [quote] = text;
  expect(text.length).toBeGreaterThanOrEqual(2);
  expect(text.at(-1)).toBe(quote);
  let value = '';
  for (let at = 1; at < text.length - 1; at += 1) {
    const character = text[at];
    expect(character).not.toBe(quote);
    expect(character).not.toBe('\n');
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    if (text[at] === 'u') {
      value += String.fromCharCode(parseInt(text.slice(at + 1, at + 5), 16));
      at += 4;
    } else {
      expect(['\\', quote]).toContain(text[at]);
      value += text[at];
    }
  }
  return value;
}

const wellFormed = (value: string) =>
  value.replace(/\p{Surrogate}/gu, '\ufffd');

const anyValue = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string(),
);

describe('a value in a query', () => {
  for (const quote of ['"', "'"]) {
    it(`stays one text between ${quote}, whatever it is`, () => {
      fc.assert(
        fc.property(anyValue, anyValue, (a, b) => {
          const bound = bindQuery(
            `sum(up{a=${quote}\${a}${quote}, b!=${quote}x-\${b}${quote}}) > 1`,
            { a, b },
          );
          const pieces = piecesOf(bound);
          expect(
            pieces.map(p => (p.kind === 'code' ? p.text : '')).join('|'),
          ).toBe('sum(up{a=||, b!=||}) > 1');
          const [first, second] = pieces.filter(p => p.kind === 'text');
          expect(unquote(first.text)).toBe(wellFormed(a));
          expect(unquote(second.text)).toBe(`x-${wellFormed(b)}`);
        }),
      );
    });
  }

  it('as a regular expression matches itself and nothing else', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (value, other) => {
        const bound = bindQuery('up{a=~"${value}"}', { value });
        const [text] = piecesOf(bound).filter(p => p.kind === 'text');
        const pattern = new RegExp(
          `^(?:${unquote(text.text).replaceAll('\\-', '-')})$`,
          'su',
        );
        expect(pattern.test(wellFormed(value))).toBe(true);
        fc.pre(wellFormed(other) !== wellFormed(value));
        expect(pattern.test(wellFormed(other))).toBe(false);
      }),
    );
  });

  it('is filled in once: what it brings is not filled in again', () => {
    expect(bindQuery('up{a="${a}"}', { a: '${b}', b: 'x' })).toBe(
      'up{a="${b}"}',
    );
  });

  it.each([
    ['a metric', '${x}{a="b"}'],
    ['a window', 'rate(a[${x}])'],
    ['a number', 'a > ${x}'],
    ['the name of a label', 'a{${x}="b"}'],
    ['a comment', 'a # ${x}'],
    [
      'a text that is no label’s value',
      'label_replace(a, "b", "${x}", "c", "")',
    ],
    ['a quoted metric', '{"${x}"}'],
  ])('is refused as %s', (_, query) => {
    expect(() => bindQuery(query, { x: 'y' })).toThrow(
      /\$\{x\} where no label's quoted value is/,
    );
  });

  it.each([
    ['of a quoted label', '{"a.b"="${x}"}', '{"a.b"="y"}'],
    [
      'in a dialect that Prometheus does not know',
      'foo(rate(a{b="${x}"}[5m])) keep_metric_names',
      'foo(rate(a{b="y"}[5m])) keep_metric_names',
    ],
  ])('is filled in as the value %s', (_, query, bound) => {
    expect(bindQuery(query, { x: 'y' })).toBe(bound);
  });

  it('is refused between backticks, where nothing can be escaped', () => {
    expect(() => bindQuery('a{b=`${x}`}', { x: 'y' })).toThrow(/backticks/);
  });

  it.each(['a{b="\\${x}"}', 'a{b="\\x4${x}"}', 'a{b="\\\\\\${x}"}'])(
    'is refused after a backslash, which would escape it: %s',
    query => {
      expect(() => bindQuery(query, { x: '"} or up{c="' })).toThrow(
        /backslash before a placeholder/,
      );
    },
  );

  it('may follow an escape that is complete', () => {
    expect(bindQuery('a{b=~"\\\\d\\n${x}"}', { x: '.' })).toBe(
      'a{b=~"\\\\d\\n\\\\."}',
    );
  });

  it('that has no name here is an error that says which there are', () => {
    expect(() => bindQuery('a{b="${c}"}', { model: 'x' })).toThrow(
      /\$\{c\}, which has no value; there are model/,
    );
    expect(() => bindQuery('a{b="${constructor}"}', {})).toThrow(/no value/);
  });

  it('is no matter of a query without any', () => {
    const query = 'label_replace(up{a="b"}, "c", "${1}", "d", `(.*)`) # x "';
    expect(bindQuery(query, {})).toBe(query);
  });

  it('cannot hide behind a text without an end', () => {
    expect(() => bindQuery('a{b="c', {})).toThrow(/without an end/);
  });
});

it('fills in what nobody interprets as it is', () => {
  expect(fillIn('a ${x} b', { x: '"$&' })).toBe('a "$& b');
});
