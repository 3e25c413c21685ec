import type { ChartGap, ChartPoint } from './types';

/** Longer than this many usual distances between two readings is a gap. */
const USUAL_TIMES = 4;

/**
 * Where nothing is known, between the readings and at both ends.
 *
 * @param shortest - the least length of a gap without an unknown value: readings may come close
 *   together for a while, and at their usual pace after it.
 */
export function findGaps(
  points: ChartPoint[],
  from: number,
  to: number,
  shortest = 0,
): ChartGap[] {
  const known = points.filter(point => point.y !== null).map(point => point.x);
  if (known.length === 0) return [{ from, to, why: 'no data' }];
  const usual = Math.max(
    usualDistance(points.map(point => point.x)) * USUAL_TIMES,
    shortest,
  );
  const ends = [from, ...known, to];
  const gaps: ChartGap[] = [];
  for (let i = 1; i < ends.length; i++) {
    const [start, end] = [ends[i - 1], ends[i]];
    const holdsUnknown = points.some(
      point => point.y === null && point.x > start && point.x < end,
    );
    if (end - start > usual || holdsUnknown) {
      gaps.push({ from: start, to: end, why: whyGap(i, ends.length - 1) });
    }
  }
  return gaps;
}

/** The points with a hole in every gap, so that no line is drawn across it. */
export function breakAtGaps(
  points: ChartPoint[],
  gaps: ChartGap[],
): ChartPoint[] {
  return [
    ...points,
    ...gaps.map(gap => ({ x: (gap.from + gap.to) / 2, y: null })),
  ].sort((a, b) => a.x - b.x);
}

function whyGap(index: number, last: number): string {
  if (index === 1) return 'no data';
  return index === last ? 'nothing since' : 'no data';
}

function usualDistance(xs: number[]): number {
  const distances = xs
    .slice(1)
    .map((x, index) => x - xs[index])
    .sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? Infinity;
}
