import type { Template } from './Template';

const LABELS =
  'model="${model}",namespace="${namespace}",environment="${environment}"';
const INFER = `${LABELS},endpoint="infer"`;
const UP = `{${LABELS}}`;

/**
 * For the metrics that generated model servers have, scraped with the labels `model`, `namespace`
 * and `environment`.
 *
 * @param window - over how many seconds they look back.
 */
export function builtInTemplates(window: number): Record<string, Template> {
  const over = `[${window}s]`;
  const requests = `model_requests_total{${INFER}}${over}`;
  const failures = `model_requests_total{${INFER},code=~"5.."}${over}`;
  const predictions = `model_predictions_total{${LABELS}}${over}`;
  return {
    availability: {
      query: `avg(avg_over_time(up${UP}${over}))`,
      signal: 'availability',
      up: UP,
      critical: { below: 0.99 },
      description: 'Share of scrapes that were answered.',
    },
    'latency-p95': {
      query: `histogram_quantile(0.95, sum by (le) (rate(model_request_duration_seconds_bucket{${INFER}}${over})))`,
      signal: 'latency',
      up: UP,
      warning: { above: 0.2 },
      critical: { above: 0.5 },
      description: 'The 95th percentile of how long inferences take.',
    },
    'error-rate': {
      // Without a failure there may be no series of failures, and that is none of them.
      query: `(sum(rate(${failures})) or vector(0)) / sum(rate(${requests}))`,
      signal: 'errors',
      up: UP,
      warning: { above: 0.01 },
      critical: { above: 0.05 },
      description: 'Share of inferences that ended in a 5xx.',
    },
    'prediction-mix': {
      query: `sum by (class) (increase(${predictions})) / on () group_left () sum(increase(${predictions}))`,
      signal: 'predictions',
      up: UP,
      parts: 'class',
      description: 'Share of each class in what was predicted.',
    },
    'prediction-mean': {
      query: `sum(rate(model_prediction_value_sum{${LABELS}}${over})) / sum(rate(model_prediction_value_count{${LABELS}}${over}))`,
      signal: 'predictions',
      up: UP,
      description: 'Mean of the numbers that were predicted.',
    },
  };
}
