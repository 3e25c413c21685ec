import fc from 'fast-check';
import type { ScrapeMark } from '../database/ScrapeStore';
import { cutWindows } from './windows';

/** Scrapes of one server after another, newest first, by what each counted in its life. */
function marksOf(lives: number[][]): ScrapeMark[] {
  let seq = 0;
  return lives
    .flatMap((counts, life) =>
      counts.map(predictions => {
        seq += 1;
        return { seq, at: seq, instance: String(life), predictions };
      }),
    )
    .reverse();
}

describe('cutWindows', () => {
  it('says how many predictions there are when they are too few', () => {
    expect(cutWindows(marksOf([[10, 30]]), 50, 2)).toEqual({
      windows: [],
      rest: 30,
    });
  });

  it('cuts the newest first, each of at least the size', () => {
    const { windows } = cutWindows(marksOf([[0, 40, 60, 100, 140]]), 50, 2);
    expect(windows).toEqual([
      { predictions: 80, segments: [{ from: 3, to: 5 }] },
      { predictions: 60, segments: [{ from: 1, to: 3 }] },
    ]);
  });

  it('goes on across a new life of the server', () => {
    const { windows } = cutWindows(
      marksOf([
        [0, 40],
        [30, 35],
      ]),
      60,
      1,
    );
    expect(windows).toEqual([
      {
        predictions: 75,
        segments: [
          { from: 1, to: 2 },
          { from: null, to: 4 },
        ],
      },
    ]);
  });

  it('never counts a prediction twice, and loses none', () => {
    const life = fc
      .array(fc.nat(30), { minLength: 1, maxLength: 8 })
      .map(steps => {
        let total = 0;
        return steps.map(step => (total += step));
      });
    fc.assert(
      fc.property(
        fc.array(life, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        (lives, size) => {
          const marks = marksOf(lives);
          const at = new Map(marks.map(mark => [mark.seq, mark.predictions]));
          const { windows, rest } = cutWindows(marks, size, 1_000);
          const all = lives.reduce((sum, counts) => sum + counts.at(-1)!, 0);
          const cut = windows.map(window => window.predictions);
          expect(cut.every(n => n >= size)).toBe(true);
          expect(cut.reduce((sum, n) => sum + n, 0) + rest).toBe(all);
          for (const window of windows) {
            const counted = window.segments.reduce(
              (sum, { from, to }) =>
                sum + at.get(to)! - (from === null ? 0 : at.get(from)!),
              0,
            );
            expect(counted).toBe(window.predictions);
          }
        },
      ),
    );
  });
});
