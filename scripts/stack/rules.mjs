/** What Prometheus raises an alert about in the demonstration. */
export const RULES = [
  {
    name: 'models',
    rules: [
      {
        alert: 'ModelServerDown',
        expr: 'up{job="models"} == 0',
        for: '10s',
        labels: { severity: 'critical', monitor: 'availability' },
        annotations: {
          summary:
            'The server of {{ $labels.model }} in {{ $labels.environment }} does not answer',
        },
      },
      {
        alert: 'ModelErrors',
        expr: 'sum by (namespace, model, environment) (rate(model_requests_total{endpoint="infer",code=~"5.."}[1m])) > 0.1',
        for: '10s',
        labels: { severity: 'warning', monitor: 'error-rate' },
        annotations: {
          summary:
            '{{ $labels.model }} in {{ $labels.environment }} answers with errors',
        },
      },
    ],
  },
];
