import { breakAtGaps, findGaps } from './gaps';
import { niceAxis } from './niceAxis';

const at = (...xs: number[]) => xs.map(x => ({ x, y: 1 }));

describe('findGaps', () => {
  it('finds the hole between readings and at both ends', () => {
    expect(findGaps(at(50, 51, 52, 80, 81, 82), 0, 120)).toEqual([
      { from: 0, to: 50, why: 'no data' },
      { from: 52, to: 80, why: 'no data' },
      { from: 82, to: 120, why: 'nothing since' },
    ]);
  });

  it('takes an unknown value for a gap, however short', () => {
    const points = [...at(1, 2), { x: 3, y: null }, ...at(4, 5)];
    expect(findGaps(points, 1, 5)).toEqual([
      { from: 2, to: 4, why: 'no data' },
    ]);
  });

  it('takes readings of another pace for no gap where they are close enough', () => {
    expect(findGaps(at(1, 2, 3, 4, 5, 25, 45, 80), 1, 90, 25)).toEqual([
      { from: 45, to: 80, why: 'no data' },
    ]);
  });

  it('is one gap where nothing is known', () => {
    expect(findGaps([], 0, 10)).toEqual([{ from: 0, to: 10, why: 'no data' }]);
  });
});

describe('breakAtGaps', () => {
  it('puts a hole into every gap, so that no line crosses it', () => {
    const gaps = [{ from: 2, to: 4, why: 'no data' }];
    expect(breakAtGaps(at(1, 2, 4), gaps)).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: 1 },
      { x: 3, y: null },
      { x: 4, y: 1 },
    ]);
  });
});

describe('niceAxis', () => {
  it('has round marks that hold the values', () => {
    expect(niceAxis(0, 0.55).ticks).toEqual([0, 0.2, 0.4, 0.6]);
    expect(niceAxis(0.91, 0.99).domain).toEqual([0.9, 1]);
    expect(niceAxis(3, 3).ticks.length).toBeGreaterThan(1);
  });
});
