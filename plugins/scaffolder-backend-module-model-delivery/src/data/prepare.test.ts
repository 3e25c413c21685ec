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
  knownBefore: [] as string[],
};

/** A number for each row that neither rises with it nor tells a class. */
const scattered = (i: number) => (i * 37) % 101;

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
          // The target is another one in each row, so that none is a repetition.
          const given = csv([['x', 'y'], ...numbers.map((n, i) => [n, i])]);
          fc.pre(new Set(numbers).size > 1);
          const made = prepareData(given, {
            ...choices,
            target: 'y',
            task: 'regression',
            knownBefore: ['x'],
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
        scattered(i),
        i,
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
      ...rows(200, i => [`farm-${i % 20}`, scattered(i), i]),
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
      ...rows(200, i => [
        scattered(i) + i / 200,
        i % 10 === 0 ? 'rare' : 'common',
      ]),
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
      csv([
        ['x', 'kind'],
        ...rows(100, i => [scattered(i), i < 3 ? 'few' : 'many']),
      ]),
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
    [
      'a class that has too few rows left for training',
      csv([
        ['x', 'kind'],
        ...rows(100, i => [scattered(i), i % 10 === 0 ? 'few' : 'many']),
      ]),
      {},
      'the training data would have 6 rows of the class "few"; at least 10 are needed. Add rows of it',
    ],
    [
      'a group that is the target',
      csv([
        ['farm', 'x', 'kind'],
        ...rows(200, i => [i % 4, scattered(i), `k-${i % 4}`]),
      ]),
      { groupColumn: 'farm' },
      'Split by another column than farm',
    ],
    [
      'a class that may mean a missing value',
      csv([
        ['x', 'kind'],
        ...rows(100, i => [scattered(i), i % 4 === 0 ? 'none' : 'many']),
      ]),
      {},
      '25 rows have the kind "none", which may be a class or a missing value',
    ],
    [
      'a few texts in a column of numbers',
      csv([
        ['x', 'kind'],
        ...rows(100, i => [i === 4 ? 'inf' : scattered(i), i % 2]),
      ]),
      {},
      '1 of 100 values of x are no numbers: "inf" in row 5. Correct them',
    ],
    [
      'decimal commas',
      csv([['x', 'kind'], ...rows(100, i => [`"${scattered(i)},5"`, i % 2])]),
      {},
      'x has numbers with a decimal comma, such as "0,5"',
    ],
    [
      'a header with a line break',
      csv([['"x\ny"', 'kind'], ...rows(100, i => [scattered(i), i % 2])]),
      {},
      'The name of the column "x\\ny" has a line break',
    ],
    [
      'a web page',
      Buffer.from('<!DOCTYPE html>\n<html><body>Sign in</body></html>'),
      {},
      'a web page and not with a CSV. Use the address of the raw file',
    ],
    [
      'another encoding',
      Buffer.from('x,kind\n1,a\n2,\u00e4\n', 'latin1'),
      {},
      'Line 3 of the CSV is not UTF-8',
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

  it('keeps a class whose name usually means a missing value, where the missing ones are named', () => {
    const given = csv([
      ['x', 'kind'],
      ...rows(100, i => [scattered(i), i % 4 === 0 ? 'none' : 'many']),
    ]);
    const made = prepareData(given, { ...choices, missing: ['NA'] });
    const { columns } = JSON.parse(made.files['data/schema.json']);
    expect(columns[1].categories).toEqual(['many', 'none']);
  });

  it('leaves out a column that numbers the rows', () => {
    const given = csv([
      ['row', 'x', 'kind'],
      ...rows(100, i => [i + 1, scattered(i), ['a', 'b'][i % 2]]),
    ]);
    expect(prepareData(given, choices).notes).toEqual([
      'row numbers the rows; left out',
    ]);
  });

  describe('a feature that tells the target by itself', () => {
    const kinds = ['a', 'b', 'c'];
    const classified = (leak: (i: number) => string | number) =>
      csv([
        ['x', 'leak', 'kind'],
        ...rows(300, i => [
          scattered(i) + i / 1000,
          leak(i),
          kinds[(i * i) % 3],
        ]),
      ]);
    const measured = (leak: (i: number) => string | number) =>
      csv([
        ['x', 'leak', 'y'],
        ...rows(300, i => [scattered(i), leak(i), (i * 53) % 307]),
      ]);
    const regression = { target: 'y', task: 'regression' as const };

    it.each([
      ['its text', classified(i => kinds[(i * i) % 3]), {}],
      ['a number for each class', classified(i => ((i * i) % 3) * 10), {}],
      [
        'a copy with 2 % noise',
        classified(i => (i % 50 === 0 ? 'z' : kinds[(i * i) % 3])),
        {},
      ],
      [
        'a range of its own for each class',
        classified(i => ((i * i) % 3) * 1000 + i / 7),
        {},
      ],
      ['the same number', measured(i => (i * 53) % 307), regression],
      [
        'a linear function of it',
        measured(i => (7 - 3 * ((i * 53) % 307)).toFixed(2)),
        regression,
      ],
      [
        'a copy of it with 5 % noise',
        measured(i => (i % 20 === 0 ? 9 : (i * 53) % 307)),
        regression,
      ],
    ])('is named and refused: %s', (_, content, overrides) => {
      const given = { ...choices, ...overrides };
      expect(() => prepareData(content, given)).toThrow(
        /^leak .*Leave it out, or name it as known before/,
      );
      expect(
        prepareData(content, { ...given, knownBefore: ['leak'] }).notes,
      ).toEqual([]);
    });

    it('is none that is a good feature', () => {
      const good = classified(i =>
        i % 4 === 0 ? kinds[(i * i + 1) % 3] : kinds[(i * i) % 3],
      );
      expect(prepareData(good, choices).notes).toEqual([]);
      const rare = csv([
        ['x', 'kind'],
        ...rows(1000, i => [
          scattered(i) + i / 1000,
          i % 40 === 0 ? 'rare' : 'common',
        ]),
      ]);
      expect(prepareData(rare, choices).notes).toEqual([]);
    });
  });
});
