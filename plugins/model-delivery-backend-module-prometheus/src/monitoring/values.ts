import type {
  MonitorSpec,
  Reading,
  Signal,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderReading } from '@slipway/plugin-model-delivery-node';
import { shorten } from '../alerts/Alert';
import type { InstantAnswer } from '../upstream/answers';

/** What a reading says, without when and about which alerts. */
export type Values = Pick<
  ProviderReading,
  'value' | 'insufficient' | 'reason' | 'parts'
>;

export interface Series {
  metric: Readonly<Record<string, string>>;
  /** Left out where it is a native histogram. */
  value?: number;
}

/** What an answer holds; `empty` is no data at all. */
export type Found = { kind: 'empty' } | { kind: 'values'; values: Values };

const MOST_PARTS = 200;
/** Of these the smallest part is the worst. */
const THE_MORE_THE_BETTER: Signal[] = ['availability', 'quality'];

/** Makes a reading of what Prometheus answered to a query. */
export function valuesOf(
  { data, warnings }: InstantAnswer,
  monitor: MonitorSpec,
  parts: string | null,
): Found {
  switch (data.resultType) {
    case 'scalar':
      return { kind: 'values', values: ofNumber(data.result[1], monitor) };
    case 'vector': {
      const found = ofSeries(
        data.result.map(({ metric, value }) => ({ metric, value: value?.[1] })),
        monitor,
        parts,
      );
      return warned(found, warnings);
    }
    case 'matrix':
      return unknown(
        'The query gives a stretch of time of each series, not a number: put it into a function such as rate(…) or avg_over_time(…).',
      );
    default:
      return unknown('The query gives a text, not a number.');
  }
}

/** Makes a reading of series at one moment. */
export function ofSeries(
  series: Series[],
  monitor: MonitorSpec,
  parts: string | null,
): Found {
  if (series.length === 0) return { kind: 'empty' };
  if (series.some(({ value }) => value === undefined)) {
    return unknown(
      'The query gives a native histogram, not a number: ask for one of it, such as histogram_quantile(0.95, sum(rate(…[5m]))).',
    );
  }
  if (parts !== null) return ofParts(series, monitor, parts);
  if (series.length === 1) {
    return { kind: 'values', values: ofNumber(series[0].value!, monitor) };
  }
  const labels = differing(series);
  return unknown(
    labels.includes('le')
      ? 'The query gives the buckets of a histogram, not a number: ask for one of them, such as histogram_quantile(0.95, sum by (le) (rate(…[5m]))).'
      : `The query gives ${series.length} series, which differ in ${labels.join(', ')}, and one is due: add them up, such as with sum(…) or max(…), or name in "parts" the label whose values are its parts.`,
  );
}

function ofNumber(value: number, monitor: MonitorSpec): Values {
  if (Number.isNaN(value)) {
    return {
      value: null,
      insufficient: true,
      reason:
        'The query gives NaN: mostly nothing divided by nothing, such as when there were no requests.',
      parts: [],
    };
  }
  if (!Number.isFinite(value)) {
    return {
      value: null,
      insufficient: false,
      reason: `The query gives ${written(value)}.`,
      parts: [],
    };
  }
  return {
    value,
    insufficient: false,
    reason: null,
    // The states of drift come from its parts.
    parts:
      monitor.signal === 'drift' ? [partOf(monitor.name, value, monitor)] : [],
  };
}

function ofParts(series: Series[], monitor: MonitorSpec, label: string): Found {
  const names = series.map(({ metric }) => metric[label] ?? '');
  if (names.includes('')) {
    return unknown(
      `The query gives a series without the label ${label}, which "parts" names: add it up by ${label}, such as with sum by (${label}) (…).`,
    );
  }
  if (new Set(names).size < names.length) {
    return unknown(
      `The query gives several series with the same ${label}, which differ in ${differing(series).join(', ')}: add them up by ${label}, such as with sum by (${label}) (…).`,
    );
  }
  if (names.length > MOST_PARTS) {
    return unknown(
      `The query gives ${names.length} parts, and at most ${MOST_PARTS} can be shown: name fewer, such as with topk(20, …).`,
    );
  }
  const numbers = series.map(({ value }) => value!);
  const known = numbers.filter(Number.isFinite);
  const odd = numbers.flatMap((value, i) =>
    Number.isFinite(value)
      ? []
      : [`${shorten(names[i], 100)} is ${written(value)}`],
  );
  if (known.length === 0) {
    return {
      kind: 'values',
      values: {
        value: null,
        insufficient: numbers.every(Number.isNaN),
        reason: `No part has a number: ${shorten(odd.join(', '))}.`,
        parts: [],
      },
    };
  }
  return {
    kind: 'values',
    values: {
      value: THE_MORE_THE_BETTER.includes(monitor.signal)
        ? Math.min(...known)
        : Math.max(...known),
      insufficient: false,
      reason: odd.length === 0 ? null : `${shorten(odd.join(', '))}.`,
      parts: names
        .map((name, i) => partOf(shorten(name, 200), numbers[i], monitor))
        .sort((a, b) => a.name.localeCompare(b.name)),
    },
  };
}

/** Drift is judged part by part, so each gets the monitor's limit. */
function partOf(
  name: string,
  value: number,
  monitor: MonitorSpec,
): Reading['parts'][number] {
  const threshold = monitor.warning ?? monitor.critical;
  const limit =
    monitor.signal === 'drift' && threshold && 'above' in threshold
      ? threshold.above
      : null;
  return {
    name,
    value: Number.isFinite(value) ? value : null,
    limit,
    drifted: limit === null || Number.isNaN(value) ? null : value > limit,
  };
}

function differing(series: Series[]): string[] {
  const labels = new Set(series.flatMap(({ metric }) => Object.keys(metric)));
  return [...labels]
    .filter(
      label => new Set(series.map(({ metric }) => metric[label])).size > 1,
    )
    .sort()
    .slice(0, 10);
}

/** An empty or partial result carries the warning that Prometheus sent with it. */
function warned(found: Found, warnings: string[]): Found {
  if (warnings.length === 0) return found;
  const warning = `Prometheus warns: ${shorten(warnings.join('; '))}`;
  if (found.kind === 'empty') return unknown(`No data came. ${warning}`);
  const { values } = found;
  return {
    kind: 'values',
    values: {
      ...values,
      reason: values.reason ? `${values.reason} ${warning}` : warning,
    },
  };
}

export function unknown(reason: string): Found & { kind: 'values' } {
  return {
    kind: 'values',
    values: { value: null, insufficient: false, reason, parts: [] },
  };
}

function written(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
