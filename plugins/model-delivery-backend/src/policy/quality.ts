import type {
  QualityMetric,
  QualitySpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { TWO_SIDED, wilson } from './proportions';
import { showWithUnit, unitOf } from './units';

/** A row whose true value is known. */
export interface Labelled {
  predicted: string | number;
  label: string | number;
}

export interface Estimate {
  value: number;
  /** 95 %. */
  interval: [number, number];
  /** Rows. */
  n: number;
}

export const isRight = ({ predicted, label }: Labelled) => predicted === label;

/** @returns undefined where the metric is not one for these labels, or there are fewer than two. */
export function estimate(
  metric: QualityMetric,
  rows: Labelled[],
): Estimate | undefined {
  if (rows.length < 2) return undefined;
  if (metric === 'mae') return meanAbsoluteError(rows);
  if (!rows.every(({ label }) => typeof label === 'string')) return undefined;
  return metric === 'accuracy' ? accuracy(rows) : macroF1(rows);
}

/** A reading of a quality monitor, apart from the version that it is about. */
export interface QualityReading {
  at: string;
  value: number | null;
  insufficient: boolean;
  reason: string;
  n?: number;
  interval?: [number, number];
}

/**
 * The quality of one version by its labels. The reading is of the time of the newest label: without new
 * labels it stays one sample, so that no rule counts the same labels twice.
 *
 * @param rows - those of the version in the window.
 */
export function qualityReading(
  spec: QualitySpec,
  rows: (Labelled & { labelledAt: string })[],
  now: string,
): QualityReading {
  const { metric, window, minLabels } = spec;
  if (rows.length < minLabels) {
    return {
      at: now,
      value: null,
      insufficient: true,
      reason: `${rows.length} of ${minLabels} labels in the last ${window}.`,
      n: rows.length,
    };
  }
  const found = estimate(metric, rows);
  if (!found) {
    return {
      at: now,
      value: null,
      insufficient: false,
      reason: `${metric} does not fit the labels: accuracy and f1 are of classes, mae is of numbers.`,
      n: rows.length,
    };
  }
  const unit = unitOf({ signal: 'quality', quality: spec });
  const [low, high] = found.interval.map(bound => showWithUnit(bound, unit));
  return {
    at: rows.reduce(
      (newest, { labelledAt }) => (labelledAt > newest ? labelledAt : newest),
      '',
    ),
    ...found,
    insufficient: false,
    reason: `${found.n} labels in the last ${window}; 95 % interval ${low} to ${high}`,
  };
}

function accuracy(rows: Labelled[]): Estimate {
  const hits = rows.filter(isRight).length;
  const { low, high } = wilson({ hits, of: rows.length }, TWO_SIDED);
  return {
    value: hits / rows.length,
    interval: [Math.max(0, low), Math.min(1, high)],
    n: rows.length,
  };
}

function meanAbsoluteError(rows: Labelled[]): Estimate | undefined {
  const errors = rows.map(({ predicted, label }) =>
    typeof predicted === 'number' && typeof label === 'number'
      ? Math.abs(predicted - label)
      : NaN,
  );
  if (errors.some(Number.isNaN)) return undefined;
  const { value, interval } = meanOf(errors);
  return {
    value,
    interval: [Math.max(0, interval[0]), interval[1]],
    n: rows.length,
  };
}

/** The mean of values with its 95 % interval. Two values at least. */
export function meanOf(values: number[]): Omit<Estimate, 'n'> {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  const variance =
    values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  const half = TWO_SIDED * Math.sqrt(variance / n);
  return { value, interval: [value - half, value + half] };
}

/** How many rows have each pair of label and prediction. */
type Cell = { label: string; predicted: string; count: number };

/**
 * The mean of the F1 scores of all classes that were predicted or labelled. Its interval is the jackknife's:
 * rows of one cell are alike, so it is worked out by cell.
 */
function macroF1(rows: Labelled[]): Estimate {
  const cells = cellsOf(rows);
  const n = rows.length;
  const value = f1Of(cells);
  const without = cells.map(cell =>
    f1Of(
      cells.map(one => (one === cell ? { ...one, count: one.count - 1 } : one)),
    ),
  );
  const mean =
    cells.reduce((sum, { count }, i) => sum + count * without[i], 0) / n;
  const variance =
    ((n - 1) / n) *
    cells.reduce(
      (sum, { count }, i) => sum + count * (without[i] - mean) ** 2,
      0,
    );
  const half = TWO_SIDED * Math.sqrt(variance);
  return {
    value,
    interval: [Math.max(0, value - half), Math.min(1, value + half)],
    n,
  };
}

function cellsOf(rows: Labelled[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const [label, predicted] = [String(row.label), String(row.predicted)];
    const key = JSON.stringify([label, predicted]);
    const cell = cells.get(key) ?? { label, predicted, count: 0 };
    cell.count += 1;
    cells.set(key, cell);
  }
  return [...cells.values()];
}

function f1Of(cells: Cell[]): number {
  const counts = new Map<string, { right: number; wrong: number }>();
  const of = (name: string) => {
    const found = counts.get(name) ?? { right: 0, wrong: 0 };
    counts.set(name, found);
    return found;
  };
  for (const { label, predicted, count } of cells) {
    if (count === 0) continue;
    if (label === predicted) {
      of(label).right += count;
    } else {
      // A false negative of the one class, and a false positive of the other.
      of(label).wrong += count;
      of(predicted).wrong += count;
    }
  }
  const scores = [...counts.values()].map(
    ({ right, wrong }) => (2 * right) / (2 * right + wrong),
  );
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
