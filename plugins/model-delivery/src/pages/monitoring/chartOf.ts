import {
  LONGEST_BETWEEN_SAMPLES_MS,
  type Monitor,
  type MonitorSeries,
} from '@slipway/plugin-model-delivery-common';
import {
  breakAtGaps,
  type ChartLimit,
  type ChartPoint,
  findGaps,
  type SignalChartProps,
} from '../../charts';
import { axisTime, formatReading, thresholdValue } from '../../words';
import { rangeTicks } from './ranges';

type SeriesLine = MonitorSeries['lines'][number];

export function pointsOf(line: SeriesLine): ChartPoint[] {
  return line.points.map(point => ({
    x: Date.parse(point.at),
    y: point.value,
  }));
}

/** What the chart of one line of a monitor shows. */
export function chartOf(
  series: MonitorSeries,
  line: SeriesLine,
  options: Pick<SignalChartProps, 'label'> & Partial<SignalChartProps>,
): SignalChartProps {
  const { monitor } = series;
  const from = Date.parse(series.from);
  const to = Date.parse(series.to);
  const points = pointsOf(line);
  const gaps = findGaps(points, from, to, LONGEST_BETWEEN_SAMPLES_MS);
  const limits = options.limits ?? limitsOf(monitor);
  return {
    points: breakAtGaps(points, gaps),
    gaps,
    xDomain: [from, to],
    xTicks: rangeTicks(from, to),
    formatX: x => axisTime(x, to - from),
    yDomain: yDomain(
      points,
      limits.map(limit => limit.value),
      monitor.unit,
    ),
    formatY: y => formatReading(y, monitor.unit),
    marks: series.deployments.map(deployment => ({
      x: Date.parse(deployment.at),
      label: deployment.version,
    })),
    ...options,
    limits,
  };
}

export function limitsOf(monitor: Monitor): ChartLimit[] {
  return (['warning', 'critical'] as const).flatMap(kind => {
    const threshold = monitor[kind];
    if (!threshold) return [];
    const value = thresholdValue(threshold);
    return [
      { kind, value, word: `${kind} ${formatReading(value, monitor.unit)}` },
    ];
  });
}

const SHARES = ['ratio', 'share'];

/**
 * From 0, unless all that matters lies far above it; with room for the limits. A share ends at 1,
 * since it cannot be more.
 */
export function yDomain(
  points: ChartPoint[],
  limits: number[],
  unit: string | null = null,
): [number, number] {
  const values = [...points.flatMap(({ y }) => y ?? []), ...limits];
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const near = low > 0.5 * high && low > 0;
  const margin = (high - low || high || 1) * 0.1;
  const top = high + margin;
  return [
    near ? low - margin : Math.min(0, low),
    unit !== null && SHARES.includes(unit) && high <= 1
      ? Math.min(1, top)
      : top,
  ];
}
