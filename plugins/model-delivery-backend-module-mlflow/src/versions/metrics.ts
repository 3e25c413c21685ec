import type { Metric } from '@slipway/plugin-model-delivery-common/schema';
import type { Run } from '../api/schemas';

/** What MLflow's database makes of infinity. */
const INFINITE = 1.797e308;
const LESS_IS_BETTER =
  /(^|[._\-/ ])(loss|error|mae|mse|rmse|mape|latency|seconds)$/i;

/**
 * The last value of each metric of a run. MLflow knows no units and no direction; a value that is
 * no finite number is not known.
 *
 * @param lowerIsBetter - names of metrics of which less is better, besides the usual ones.
 */
export function metricsOf(
  run: Run,
  lowerIsBetter: readonly string[],
): Metric[] {
  return run.data.metrics.map(({ key, value }) => ({
    name: key,
    value: finite(value),
    unit: null,
    direction:
      lowerIsBetter.includes(key) || LESS_IS_BETTER.test(key) ? 'min' : 'max',
    ci: null,
    n: null,
    split: null,
  }));
}

function finite(value: number | string | null | undefined): number | null {
  return typeof value === 'number' && Math.abs(value) < INFINITE ? value : null;
}
