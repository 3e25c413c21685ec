import { parsePrometheusText } from './prometheusText';

describe('parsePrometheusText', () => {
  it('reads samples with their labels and all kinds of values', () => {
    expect(
      parsePrometheusText(
        [
          '# HELP a Text.',
          '# TYPE a counter',
          'a 1',
          'a{b="c"} 2.5e3 1700000000000',
          'a{b="with \\"quotes\\", a \\\\ and a \\n", d="}"} +Inf',
          'a{ b = "x", } NaN',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      { name: 'a', labels: {}, value: 1 },
      { name: 'a', labels: { b: 'c' }, value: 2500 },
      {
        name: 'a',
        labels: { b: 'with "quotes", a \\ and a \n', d: '}' },
        value: Infinity,
      },
      { name: 'a', labels: { b: 'x' }, value: NaN },
    ]);
  });

  it.each(['a', 'a{b=c} 1', 'a{b="c" 1', 'a one', '<html>'])(
    'refuses %j and says where',
    line => {
      expect(() => parsePrometheusText(`ok 1\n${line}\n`)).toThrow(/^Line 2 /);
    },
  );
});
