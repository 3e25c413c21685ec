import type { VersionComparison } from '@slipway/plugin-model-delivery-common';
import type { StatusLook } from './status';

export type ComparedMetric = VersionComparison['metrics'][number];
export type ComparedValue = ComparedMetric['values'][number];

const READS: Record<ComparedValue['reads'], StatusLook> = {
  better: { shape: 'check', tone: 'good', word: 'better' },
  worse: { shape: 'octagon', tone: 'bad', word: 'worse' },
  'no-difference': { shape: 'hollow', tone: 'muted', word: 'no difference' },
  'not-proved': { shape: 'question', tone: 'muted', word: 'not proved' },
};

/** How a difference reads, whatever the direction of its metric. */
export const reads = (value: ComparedValue['reads']): StatusLook =>
  READS[value];

/** An arrow beside the name of a metric: where better lies. */
export const directionArrow = (direction: 'max' | 'min'): string =>
  direction === 'max' ? '↑' : '↓';

export const directionWords = (direction: 'max' | 'min'): string =>
  direction === 'max' ? 'higher is better' : 'lower is better';

/** `accuracy` of `log_loss`: names as the reports write them, made readable. */
export const metricName = (name: string): string => name.replace(/_/g, ' ');
