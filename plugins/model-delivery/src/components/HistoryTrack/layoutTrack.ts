import type { LiveInterval } from '@slipway/plugin-model-delivery-common';

export interface TrackBar {
  interval: LiveInterval;
  /** Percent of the track. */
  start: number;
  end: number;
  /** Too narrow to hold its name. */
  tiny: boolean;
}

const TINY_PERCENT = 5;

/** Lays what was live in one environment onto a stretch of time, oldest first. */
export function layoutTrack(
  intervals: LiveInterval[],
  from: number,
  to: number,
): TrackBar[] {
  const percent = (at: number) =>
    (100 * Math.max(0, Math.min(to, at) - from)) / Math.max(1, to - from);
  return intervals
    .map(interval => {
      const start = percent(Date.parse(interval.from));
      const end = percent(interval.to ? Date.parse(interval.to) : to);
      return { interval, start, end, tiny: end - start < TINY_PERCENT };
    })
    .filter(
      bar => bar.end > 0 || (bar.interval.to === null && bar.start <= 100),
    )
    .sort((a, b) => a.start - b.start);
}

/** Some round number of marks between two moments. */
export function trackTicks(from: number, to: number, marks = 4): number[] {
  return Array.from(
    { length: marks },
    (_, index) => from + ((index + 0.5) * (to - from)) / marks,
  );
}
