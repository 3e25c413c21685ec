import type { ScrapeMark } from '../database/ScrapeStore';

/**
 * A stretch of scrapes, oldest first, whose increase is the window. The first only says where
 * counting begins; null there means that it begins at zero, with the first server's life.
 */
export interface Window {
  predictions: number;
  segments: Array<{ from: number | null; to: number }>;
}

/**
 * Cuts the newest windows of at least `size` predictions, newest first.
 *
 * @param marks - newest first.
 * @returns as many as there are, at most `count`; and how many predictions there are beyond them.
 */
export function cutWindows(
  marks: ScrapeMark[],
  size: number,
  count: number,
): { windows: Window[]; rest: number } {
  const windows: Window[] = [];
  let current: Window = { predictions: 0, segments: [] };
  for (let i = 0; i < marks.length; i += 1) {
    const mark = marks[i];
    const before = marks[i + 1];
    const continues =
      before !== undefined &&
      before.instance === mark.instance &&
      before.predictions <= mark.predictions;
    const grown = mark.predictions - (continues ? before.predictions : 0);
    current = extend(current, mark.seq, continues ? before.seq : null, grown);
    if (current.predictions >= size) {
      windows.push(current);
      current = { predictions: 0, segments: [] };
      if (windows.length === count) break;
    }
  }
  return { windows, rest: current.predictions };
}

/** Adds the step before the window's beginning. */
function extend(
  window: Window,
  to: number,
  from: number | null,
  grown: number,
): Window {
  const [first, ...others] = window.segments;
  const joined =
    first?.from === to
      ? [{ from, to: first.to }, ...others]
      : [{ from, to }, ...window.segments];
  return { predictions: window.predictions + grown, segments: joined };
}
