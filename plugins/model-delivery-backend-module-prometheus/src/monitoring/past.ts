import type { MonitorSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderReading } from '@slipway/plugin-model-delivery-node';
import type { Range } from '../upstream/PrometheusApi';
import type { RangeSeries } from '../upstream/answers';
import { type Series, ofSeries } from './values';

/** Prometheus refuses more than 11,000 for each series; no chart shows half as many. */
const MOST_POINTS = 5_000;

/** The part of a stretch of time that may be asked for, and how finely; undefined for none. */
export function rangeWithin(
  range: { from: string; to: string; stepSeconds: number },
  limits: { maxRangeSeconds: number; minStepSeconds: number },
): Range | undefined {
  const end = Date.parse(range.to) / 1_000;
  const start = Math.max(
    Date.parse(range.from) / 1_000,
    end - limits.maxRangeSeconds,
  );
  if (!(start < end)) return undefined;
  const step = Math.max(
    1,
    limits.minStepSeconds,
    Math.ceil(range.stepSeconds),
    Math.ceil((end - start) / MOST_POINTS),
  );
  return { start, end, step };
}

/**
 * Makes readings of a range, oldest first; none for a moment without data.
 *
 * @param up - `max(up)` at the same moments: while no target answered, what a query gives was
 *   before, and only availability holds.
 */
export function readingsOf(
  series: RangeSeries[],
  up: RangeSeries[],
  monitor: MonitorSpec,
  parts: string | null,
): ProviderReading[] {
  const moments = new Map<number, Series[]>();
  for (const { metric, values } of series) {
    for (const [at, value] of values) {
      const found = moments.get(at) ?? [];
      found.push({ metric, value });
      moments.set(at, found);
    }
  }
  const down = new Set(
    up.flatMap(({ values }) =>
      values.flatMap(([at, value]) => (value > 0 ? [] : [at])),
    ),
  );
  return [...moments.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, there]) => {
      const found = ofSeries(there, monitor, parts);
      if (found.kind === 'empty') return [];
      const isStale = down.has(at) && monitor.signal !== 'availability';
      return [
        {
          at: new Date(at * 1_000).toISOString(),
          version: null,
          ...(isStale
            ? {
                value: null,
                insufficient: false,
                reason: 'No target answered Prometheus.',
                parts: [],
              }
            : found.values),
        },
      ];
    });
}
