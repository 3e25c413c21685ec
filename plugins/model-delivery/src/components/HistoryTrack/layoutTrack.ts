import type { LiveInterval } from '@slipway/plugin-model-delivery-common';

export interface TrackBar {
  interval: LiveInterval;
  /** Percent of the track. */
  start: number;
  end: number;
  /** Too narrow to hold its name. */
  tiny: boolean;
  /** There is room above it for how it ended, beside what is said above others. */
  labelled: boolean;
}

const TINY_PERCENT = 5;
const LABEL_PERCENT = 30;
/** From here on a label reaches to the left, since there is no room on the right. */
const TURN_PERCENT = 40;

/** Whether the label of a bar ends where the bar does, in place of beginning there. */
export const labelsLeft = (bar: TrackBar): boolean => bar.start > TURN_PERCENT;

/** Lays what was live in one environment onto a stretch of time, oldest first. */
export function layoutTrack(
  intervals: LiveInterval[],
  from: number,
  to: number,
): TrackBar[] {
  const percent = (at: number) =>
    (100 * Math.max(0, Math.min(to, at) - from)) / Math.max(1, to - from);
  const bars = intervals
    .map(interval => {
      const start = percent(Date.parse(interval.from));
      const end = percent(interval.to ? Date.parse(interval.to) : to);
      return {
        interval,
        start,
        end,
        tiny: end - start < TINY_PERCENT,
        labelled: false,
      };
    })
    .filter(
      bar => bar.end > 0 || (bar.interval.to === null && bar.start <= 100),
    )
    .sort((a, b) => a.start - b.start);
  labelEnds(bars);
  return bars;
}

/** Labels what was rolled back, the newest first, where no other label is in the way. */
function labelEnds(bars: TrackBar[]): void {
  const taken: number[] = [];
  for (const bar of [...bars].reverse()) {
    if (bar.interval.endedBy !== 'rolled-back') continue;
    const from = labelsLeft(bar) ? bar.end - LABEL_PERCENT : bar.start;
    if (taken.every(other => Math.abs(other - from) >= LABEL_PERCENT)) {
      bar.labelled = true;
      taken.push(from);
    }
  }
}

/** Some round number of marks between two moments. */
export function trackTicks(from: number, to: number, marks = 4): number[] {
  return Array.from(
    { length: marks },
    (_, index) => from + ((index + 0.5) * (to - from)) / marks,
  );
}
