import type { Sample } from './prometheusText';

/** Counts up to an edge, by the edge as the server writes it; `+Inf` is all. */
export type Buckets = Record<string, number>;

/**
 * What of a scrape is kept: counters that only grow while one server lives. Names are short, since
 * many are stored.
 */
export interface Counters {
  /** Predictions made. */
  predictions: number;
  /** Inference requests by status code. */
  requests: Record<string, number>;
  /** Their durations in seconds. */
  durations: Buckets;
  /** Predictions by class. */
  classes: Record<string, number>;
  /** Predicted numbers: buckets by output, and the sum of all. */
  values: Record<string, Buckets>;
  sums: Record<string, number>;
  /** Numbers that came in, by feature. */
  numbers: Record<string, Buckets>;
  /** Categories that came in, by feature. */
  categories: Record<string, Record<string, number>>;
  /** Missing values by feature. */
  missing: Record<string, number>;
}

export function emptyCounters(): Counters {
  return {
    predictions: 0,
    requests: {},
    durations: {},
    classes: {},
    values: {},
    sums: {},
    numbers: {},
    categories: {},
    missing: {},
  };
}

/** Picks what is watched out of a scrape. */
export function countersOf(samples: Sample[]): Counters {
  const result = emptyCounters();
  for (const { name, labels, value } of samples) {
    if (!Number.isFinite(value)) continue;
    switch (name) {
      case 'model_requests_total':
        if (labels.endpoint === 'infer') result.requests[labels.code] = value;
        break;
      case 'model_request_duration_seconds_bucket':
        if (labels.endpoint === 'infer') result.durations[labels.le] = value;
        break;
      case 'model_predictions_total':
        result.classes[labels.class] = value;
        result.predictions += value;
        break;
      case 'model_prediction_value_bucket':
        (result.values[labels.output] ??= {})[labels.le] = value;
        break;
      case 'model_prediction_value_sum':
        result.sums[labels.output] = value;
        break;
      case 'model_feature_value_bucket':
        (result.numbers[labels.feature] ??= {})[labels.le] = value;
        break;
      case 'model_feature_category_total':
        (result.categories[labels.feature] ??= {})[labels.category] = value;
        break;
      case 'model_feature_missing_total':
        result.missing[labels.feature] = value;
        break;
      default:
    }
  }
  return result;
}

type Tree = { [key: string]: number | Tree };

/** Adds what was counted, entry by entry. */
export function add(a: Counters, b: Counters): Counters {
  return combine(a as never, b as never, (x, y) => x + y) as never;
}

/** What was counted from one scrape to a later one of the same server. */
export function subtract(later: Counters, earlier: Counters): Counters {
  return combine(later as never, earlier as never, (x, y) => x - y) as never;
}

function combine(a: Tree, b: Tree, of: (x: number, y: number) => number): Tree {
  const result: Tree = {};
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const x = a[key];
    const y = b[key];
    result[key] =
      typeof x === 'object' || typeof y === 'object'
        ? combine((x as Tree) ?? {}, (y as Tree) ?? {}, of)
        : of((x as number) ?? 0, (y as number) ?? 0);
  }
  return result;
}

/** A scrape as far as counting needs it. */
export interface Counted {
  instance: string | null;
  counters: Counters;
}

/**
 * What was counted over consecutive scrapes, oldest first. Each life of a server counts from zero,
 * so the first scrape of a further one counts whole; what the earlier one counted after its last
 * scrape is not known. A counter that falls within one life, against the rules, is such a new
 * beginning too.
 */
export function increase(scrapes: Counted[]): Counters {
  let total = emptyCounters();
  for (let i = 1; i < scrapes.length; i += 1) {
    const [before, after] = [scrapes[i - 1], scrapes[i]];
    const anew =
      before.instance !== after.instance ||
      after.counters.predictions < before.counters.predictions ||
      sum(after.counters.requests) < sum(before.counters.requests);
    total = add(
      total,
      anew ? after.counters : subtract(after.counters, before.counters),
    );
  }
  return total;
}

export function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
