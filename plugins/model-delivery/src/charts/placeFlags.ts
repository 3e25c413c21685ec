import type { ChartMark } from './types';

/** The narrowest plot that is drawn with words, in pixels, and what a letter takes of it. */
const PLOT = 260;
const LETTER = 7;
const FLAG = 14;
const LONGEST = 12;

/** The name of a flag, as far as there is room for names. */
export const flagText = (label: string): string =>
  label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;

/**
 * On which side of its flag each name stands, so that no two lie over each other; null where there
 * is no room. The newest come first, and the newest of all is always named, over other flags if need
 * be.
 */
export function placeFlags(
  marks: ChartMark[],
  [start, end]: [number, number],
): ('left' | 'right' | null)[] {
  const taken: [number, number][] = [];
  const pixel = (x: number) => (PLOT * (x - start)) / Math.max(1, end - start);
  const fits = ([from, to]: [number, number]) => from >= -FLAG && to <= PLOT;
  const free = ([from, to]: [number, number]) =>
    marks.every(mark => pixel(mark.x) <= from || pixel(mark.x) >= to) &&
    taken.every(other => to <= other[0] || from >= other[1]);
  const sides = new Map<ChartMark, 'left' | 'right'>();
  for (const mark of [...marks].sort((a, b) => b.x - a.x)) {
    const x = pixel(mark.x);
    const width = FLAG + flagText(mark.label).length * LETTER;
    const sidesOf: ['left' | 'right', [number, number]][] = [
      ['right', [x, x + width]],
      ['left', [x - width, x]],
    ];
    const places = sidesOf.filter(([, span]) => fits(span));
    const isNewest = taken.length === 0;
    const place =
      places.find(([, span]) => free(span)) ??
      (isNewest ? places[0] : undefined);
    if (place) {
      sides.set(mark, place[0]);
      taken.push(place[1]);
    }
  }
  return marks.map(mark => sides.get(mark) ?? null);
}
