import type { ComparedMetric, ComparedValue } from '../../words';

/** A difference turned so that better is positive, whichever way the metric points. */
export function betterIsPositive(
  metric: ComparedMetric,
  value: ComparedValue,
): { delta: number; low: number; high: number } | undefined {
  if (value.delta === null) return undefined;
  const sign = metric.direction === 'max' ? 1 : -1;
  const ends = (value.pairedCi ?? [value.delta, value.delta]).map(
    end => end * sign,
  );
  return {
    delta: value.delta * sign,
    low: Math.min(...ends),
    high: Math.max(...ends),
  };
}

/** Where a difference lies on a line whose middle is 0, in percent. */
export function forestScale(extent: number): (delta: number) => number {
  return delta =>
    extent === 0 ? 50 : 50 + Math.max(-1, Math.min(1, delta / extent)) * 46;
}
