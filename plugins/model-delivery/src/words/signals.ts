import type {
  Monitor,
  SourceStatus,
  Threshold,
} from '@slipway/plugin-model-delivery-common';
import { formatNumber } from './numbers';

/** A monitor's value in the unit people think in: seconds as ms, ratios as %. */
export function formatReading(
  value: number | null,
  unit: string | null,
): string {
  if (value === null) return 'unknown';
  switch (unit) {
    case 's':
      return value < 1
        ? `${formatNumber(value * 1000, { max: value < 0.01 ? 1 : 0 })}\u2009ms`
        : `${formatNumber(value, { max: 2 })}\u2009s`;
    case 'ms':
      return `${formatNumber(value, { max: value < 10 ? 1 : 0 })}\u2009ms`;
    case 'ratio':
    case 'share':
      return `${formatNumber(value * 100, { max: value >= 0.1 && value < 0.99 ? 1 : 2 })}\u2009%`;
    case null:
    case '':
    case 'psi':
      return formatNumber(value, { min: 2, max: 2 });
    default:
      return `${formatNumber(value)}\u2009${unit}`;
  }
}

export function thresholdValue(threshold: Threshold): number {
  return 'above' in threshold ? threshold.above : threshold.below;
}

/** `> 500 ms`. */
export function formatThreshold(
  threshold: Threshold | null,
  unit: string | null,
): string {
  if (!threshold) return '–';
  return `${'above' in threshold ? '>' : '<'}\u00a0${formatReading(
    thresholdValue(threshold),
    unit,
  )}`;
}

/** `warning above 200 ms, critical above 500 ms`. */
export function describeThresholds(monitor: {
  warning: Threshold | null;
  critical: Threshold | null;
  unit: string | null;
}): string {
  const part = (word: string, threshold: Threshold | null) =>
    threshold
      ? [
          `${word} ${'above' in threshold ? 'above' : 'below'} ${formatReading(
            thresholdValue(threshold),
            monitor.unit,
          )}`,
        ]
      : [];
  return [
    ...part('warning', monitor.warning),
    ...part('critical', monitor.critical),
  ].join(', ');
}

/** The source of a monitor, where what it told is old. */
export const staleSource = (
  monitor: Pick<Monitor, 'provider'>,
  sources: SourceStatus[],
): SourceStatus | undefined =>
  sources.find(
    ({ capability, provider, status }) =>
      capability === 'monitors' &&
      provider === monitor.provider &&
      (status === 'stale' || status === 'failed'),
  );
