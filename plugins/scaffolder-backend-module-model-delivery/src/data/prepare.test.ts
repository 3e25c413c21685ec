import fc from 'fast-check';
import { prepareData } from './prepare';
import { parseTable } from './table';

const csv = (rows: (string | number)[][]) =>
  Buffer.from(rows.map(row => row.join(',')).join('\n'));

const rows = (n: number, row: (i: number) => (string | number)[]) =>
  Array.from({ length: n }, (_, i) => row(i));

const choices = {
  name: 'flowers',
  url: 'https://example.com/flowers.csv',
  licence: 'CC0',
  target: 'kind',
  task: 'classification' as const,
  exclude: [] as string[],
};

const flowers = csv([
  ['id', 'length', 'colour', 'constant', 'kind'],
  ...rows(100, i => [
    `row-${i}`,
    i % 7 === 0 ? 'NA' : (i * 1.5).toFixed(1),
    ['red', 'blue'][i % 2],
    'x',
    ['a', 'b', 'c'][i % 3],
  ]),
]);

describe('prepareData', () => {
  const { files, notes, primaryMetric } = prepareData(flowers, choices);
  const schema = JSON.parse(files['data/schema.json']);
  const train = parseTable(Buffer.from(files['data/train.csv']));
  const holdout = parseTable(Buffer.from(files['data/holdout.csv']));

  it('tells what the columns hold, and leaves out what cannot help', () => {
    expect(schema.columns.map((c: any) => [c.name, c.role, c.kind])).toEqual([
      ['length', 'feature', 'numeric'],
      ['colour', 'feature', 'categorical'],
      ['kind', 'target', 'categorical'],
    ]);
    expect(notes).toEqual([
      'id differs in every row, as an identifier does; left out',
      'constant is the same in every row; left out',
    ]);
    expect(primaryMetric).toBe('accuracy');
  });

  it('turns every way to say missing into the empty text', () => {
    expect(files['data/train.csv']).not.toContain('NA');
    expect(schema.columns[0].missingMax).toBeGreaterThan(0.15);
  });

  it('keeps the classes in their shares on both sides', () => {
    const share = (t: typeof train) =>
      t.rows.filter(row => row[2] === 'a').length / t.rows.length;
    expect(holdout.rows).toHaveLength(40);
    expect(Math.abs(share(train) - share(holdout))).toBeLessThan(0.05);
  });

  it('puts every row on exactly one side, whatever the rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000 }), {
          minLength: 60,
          maxLength: 200,
        }),
        numbers => {
          const given = csv([['x', 'y'], ...numbers.map((n, i) => [n, i])]);
          const made = prepareData(given, {
            ...choices,
            target: 'y',
            task: 'regression',
          });
          const keys = (file: string) =>
            parseTable(Buffer.from(made.files[file])).rows.map(r => r.join());
          const all = [...keys('data/train.csv'), ...keys('data/holdout.csv')];
          expect(all.sort()).toEqual(numbers.map((n, i) => `${n},${i}`).sort());
        },
      ),
      { numRuns: 30 },
    );
  });

  it('holds out the newest rows where a time column is named', () => {
    const given = csv([
      ['day', 'x', 'y'],
      ...rows(60, i => [
        new Date(Date.UTC(2026, 0, 1 + ((i * 7) % 60)))
          .toISOString()
          .slice(0, 10),
        i,
        i * 2,
      ]),
    ]);
    const made = prepareData(given, {
      ...choices,
      target: 'y',
      task: 'regression',
      timeColumn: 'day',
    });
    const days = (file: string) =>
      parseTable(Buffer.from(made.files[file])).rows.map(r => r[0]);
    expect(days('data/train.csv')).toEqual(days('data/train.csv').sort());
    expect(
      days('data/train.csv').sort().at(-1)! <
        days('data/holdout.csv').sort()[0],
    ).toBe(true);
  });

  it('has no group on both sides where a group column is named', () => {
    const given = csv([
      ['farm', 'x', 'y'],
      ...rows(200, i => [`farm-${i % 20}`, i, i * 2]),
    ]);
    const made = prepareData(given, {
      ...choices,
      target: 'y',
      task: 'regression',
      groupColumn: 'farm',
    });
    const farms = (file: string) =>
      new Set(parseTable(Buffer.from(made.files[file])).rows.map(r => r[0]));
    const held = farms('data/holdout.csv');
    expect([...farms('data/train.csv')].filter(f => held.has(f))).toEqual([]);
  });

  it('takes macro-F1 where a class is rare', () => {
    const given = csv([
      ['x', 'kind'],
      ...rows(200, i => [i, i < 20 ? 'rare' : 'common']),
    ]);
    expect(prepareData(given, choices).primaryMetric).toBe('macro_f1');
  });

  it.each([
    [
      'a target that is missing',
      flowers,
      { target: 'species' },
      'it has id, length',
    ],
    [
      'a task that does not fit',
      flowers,
      { target: 'colour', task: 'regression' as const },
      'is not a number. Choose classification',
    ],
    [
      'a quantity as a label',
      csv([['x', 'kind'], ...rows(100, i => [i, i])]),
      {},
      'which are a quantity and not labels. Choose regression',
    ],
    [
      'a class with insufficient data',
      csv([['x', 'kind'], ...rows(100, i => [i, i < 3 ? 'few' : 'many'])]),
      {},
      'The class "few" of kind has 3 rows; each needs at least 10',
    ],
    [
      'too few rows',
      csv([
        ['x', 'kind'],
        [1, 'a'],
      ]),
      {},
      'at least 50 are needed',
    ],
    ['no rows', Buffer.from('x,kind\n'), {}, 'has no rows'],
    [
      'a torn file',
      Buffer.from('x,kind\n1,a\n2,b,c\n'),
      {},
      'The CSV cannot be read',
    ],
    ['binary bytes', Buffer.from([0, 255, 254, 10, 13, 7]), {}, ''],
  ])('refuses %s with the reason', (_, content, overrides, message) => {
    expect(() => prepareData(content, { ...choices, ...overrides })).toThrow(
      message,
    );
  });
});
