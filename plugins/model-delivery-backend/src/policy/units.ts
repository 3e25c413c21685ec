import type {
  MonitorSpec,
  Signal,
} from '@slipway/plugin-model-delivery-common/schema';
import { show } from './numbers';

const UNITS: Record<Signal, string | null> = {
  availability: 'ratio',
  latency: 's',
  errors: 'ratio',
  drift: 'psi',
  predictions: 'share',
  quality: null,
  freshness: 's',
  'rows-in': 'rows',
  'rows-out': 'ratio',
};

/** What the value of a monitor is measured in; null for the unit of the label, or none. */
export function unitOf({
  signal,
  quality,
}: Pick<MonitorSpec, 'signal' | 'quality'>): string | null {
  return quality && quality.metric !== 'mae' ? 'ratio' : UNITS[signal];
}

/** A value with its unit, as a sentence shows it. */
export function showWithUnit(value: number, unit: string | null): string {
  if (unit === 's') {
    return value < 1
      ? `${show(Number((value * 1000).toPrecision(3)))} ms`
      : `${show(value)} s`;
  }
  if (unit === 'ratio' || unit === 'share') {
    return `${show(Number((value * 100).toPrecision(4)))} %`;
  }
  return unit === 'rows' ? `${show(value)} rows` : show(value);
}
