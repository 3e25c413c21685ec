import { type AlertRule, isAbout } from './AlertRule';

const names: AlertRule = {
  by: 'names',
  model: 'churn',
  namespace: 'default',
  environment: 'production',
  monitor: 'latency-p95',
};

describe('an alert is about a monitor', () => {
  it.each([
    [{ model: 'churn', monitor: 'latency-p95' }],
    [{ model: 'Churn', monitor: 'Latency-P95', alertname: 'Other' }],
    [{ model: 'churn', alertname: 'ModelLatencyP95High' }],
    [{ model: 'churn', alertname: 'latency_p95' }],
    [
      {
        model: 'churn',
        namespace: 'default',
        environment: 'production',
        alertname: 'LatencyP95',
      },
    ],
  ])('that it names: %j', labels => {
    expect(isAbout(names, labels)).toBe(true);
  });

  it.each([
    [{ alertname: 'LatencyP95' }],
    [{ model: 'other', alertname: 'LatencyP95' }],
    [{ model: 'churn', alertname: 'Latency' }],
    [{ model: 'churn' }],
    [{ model: 'churn', monitor: 'drift', alertname: 'LatencyP95' }],
    [{ model: 'churn', environment: 'staging', alertname: 'LatencyP95' }],
    [{ model: 'churn', namespace: 'other', alertname: 'LatencyP95' }],
  ])('and not: %j', labels => {
    expect(isAbout(names, labels)).toBe(false);
  });

  it('whose labels the source says, all of them and exactly', () => {
    const rule: AlertRule = {
      by: 'labels',
      labels: { alertname: 'Drift', team: 'ml' },
    };
    expect(isAbout(rule, { alertname: 'Drift', team: 'ml', x: 'y' })).toBe(
      true,
    );
    expect(isAbout(rule, { alertname: 'Drift' })).toBe(false);
    expect(isAbout(rule, { alertname: 'drift', team: 'ml' })).toBe(false);
  });
});
