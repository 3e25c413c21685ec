import type {
  Monitor,
  MonitorSeries,
} from '@slipway/plugin-model-delivery-common';

type SeriesLine = MonitorSeries['lines'][number];

export interface Part {
  line: SeriesLine;
  /** What it reads now; null where that is not known. */
  value: number | null;
  over: boolean;
}

/** The parts of a reading, those nearest to or over their own limit first. */
export function sortParts(lines: SeriesLine[], monitor: Monitor): Part[] {
  const newest = new Map(
    monitor.reading?.parts.map(part => [part.name, part]) ?? [],
  );
  return lines
    .map(line => {
      const known = newest.get(line.name);
      const value = known
        ? known.value
        : (line.points[line.points.length - 1]?.value ?? null);
      const limit = line.limit;
      return {
        line,
        value,
        over:
          known?.drifted ?? (limit !== null && value !== null && value > limit),
      };
    })
    .sort((a, b) => badness(b) - badness(a));
}

function badness({ line, value }: Part): number {
  if (value === null) return -1;
  return line.limit ? value / line.limit : value;
}
