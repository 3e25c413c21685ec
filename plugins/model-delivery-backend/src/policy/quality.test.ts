import { estimate, type Labelled, qualityReading } from './quality';

const NOW = '2026-01-01T12:00:00.000Z';
const rows = (count: number, predicted: string | number, label = predicted) =>
  Array.from({ length: count }, (): Labelled => ({ predicted, label }));
const at = (labelled: Labelled[], minute = 0) =>
  labelled.map((row, index) => ({
    ...row,
    labelledAt: new Date(Date.UTC(2026, 0, 1, 10, minute, index)).toISOString(),
  }));
const spec = { metric: 'accuracy', window: '24h', minLabels: 10 } as const;

describe('estimate', () => {
  it("gives the share of right answers with Wilson's interval", () => {
    const found = estimate('accuracy', [
      ...rows(90, 'a'),
      ...rows(10, 'a', 'b'),
    ])!;
    expect(found).toMatchObject({ value: 0.9, n: 100 });
    // As published for 90 of 100.
    expect(found.interval[0]).toBeCloseTo(0.8256, 4);
    expect(found.interval[1]).toBeCloseTo(0.9448, 4);
  });

  it('is never certain of a proportion, however few rows agree', () => {
    expect(estimate('accuracy', rows(20, 'a'))!.interval[0]).toBeLessThan(0.9);
  });

  it('averages the F1 scores of all classes, so that a rare one counts', () => {
    const found = estimate('f1', [
      ...rows(2, 'a'),
      ...rows(1, 'b', 'a'),
      ...rows(1, 'b'),
    ])!;
    // a: 4/5, b: 2/3.
    expect(found.value).toBeCloseTo((0.8 + 2 / 3) / 2, 10);
    const common = estimate('f1', [...rows(99, 'a'), ...rows(1, 'a', 'b')])!;
    expect(common.value).toBeCloseTo(0.4975, 3);
  });

  it('narrows the interval of F1 with more rows of the same kind', () => {
    const width = (times: number) => {
      const { interval } = estimate('f1', [
        ...rows(8 * times, 'a'),
        ...rows(2 * times, 'a', 'b'),
        ...rows(9 * times, 'b'),
        ...rows(1 * times, 'b', 'a'),
      ])!;
      return interval[1] - interval[0];
    };
    expect(width(25) * 5).toBeCloseTo(width(1), 1);
    expect(width(1)).toBeGreaterThan(0.2);
  });

  it('gives the mean absolute error, which is never below zero', () => {
    const found = estimate('mae', [
      { predicted: 10, label: 10 },
      { predicted: 12, label: 10 },
      { predicted: 10, label: 10 },
    ])!;
    expect(found.value).toBeCloseTo(2 / 3, 10);
    expect(found.interval[0]).toBe(0);
    expect(found.interval[1]).toBeCloseTo(2 / 3 + 1.96 * (2 / 3), 3);
  });

  it('knows no metric that does not fit the labels, and none of one row', () => {
    expect(estimate('mae', rows(5, 'a'))).toBeUndefined();
    expect(estimate('accuracy', rows(5, 1))).toBeUndefined();
    expect(estimate('f1', rows(5, 1))).toBeUndefined();
    expect(estimate('accuracy', rows(1, 'a'))).toBeUndefined();
  });
});

describe('qualityReading', () => {
  it('has no verdict with too few labels, and none is not zero', () => {
    expect(qualityReading(spec, at(rows(9, 'a')), NOW)).toEqual({
      at: NOW,
      value: null,
      insufficient: true,
      reason: '9 of 10 labels in the last 24h.',
      n: 9,
    });
    expect(qualityReading(spec, [], NOW)).toMatchObject({
      value: null,
      insufficient: true,
    });
  });

  it('is of the time of its newest label, so that the same labels are one sample', () => {
    const found = qualityReading(
      spec,
      at([...rows(8, 'a'), ...rows(2, 'a', 'b')]).reverse(),
      NOW,
    );
    expect(found).toMatchObject({
      at: '2026-01-01T10:00:09.000Z',
      value: 0.8,
      insufficient: false,
      n: 10,
      reason: '10 labels in the last 24h; 95 % interval 49.02 % to 94.33 %',
    });
  });

  it('says that the metric does not fit', () => {
    expect(
      qualityReading({ ...spec, metric: 'mae' }, at(rows(10, 'a')), NOW),
    ).toMatchObject({
      value: null,
      insufficient: false,
      reason: expect.stringContaining('mae does not fit the labels'),
    });
  });
});
