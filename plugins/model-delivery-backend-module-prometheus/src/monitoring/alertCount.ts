import type { MonitorAlert } from '@slipway/plugin-model-delivery-common/schema';
import type { AlertRule } from '../alerts/AlertRule';
import { shorten } from '../alerts/Alert';
import type { PrometheusApi } from '../upstream/PrometheusApi';
import type { Targets } from './targets';
import { type Found, unknown } from './values';

type Rules = Awaited<ReturnType<PrometheusApi['alertingRules']>>;

/**
 * What a monitor without a query reads: how many of its alerts fire. That none does says something
 * only where its targets answer, and a rule is there that would raise one and works.
 */
export function countAlerts(
  rule: AlertRule,
  alerts: MonitorAlert[],
  rules: Rules,
  targets: Targets,
): Found {
  if (targets.state === 'unknown') {
    return unknown(
      'It is not known whether its targets answer, so no alert does not say that all is well.',
    );
  }
  const name = rule.by === 'labels' ? rule.labels.alertname : undefined;
  if (name === undefined) {
    return unknown(
      'A monitor without a query names its alert by "alertname" in "alerts": else nobody can tell whether there is a rule that would raise it.',
    );
  }
  const found = rules.filter(item => item.name === name);
  if (found.length === 0) {
    return unknown(
      `Prometheus has no alerting rule ${JSON.stringify(name)}, so no alert does not say that all is well.`,
    );
  }
  const broken = found.find(({ health }) => health !== 'ok');
  if (broken) {
    return unknown(
      broken.health === 'unknown'
        ? `The alerting rule ${JSON.stringify(name)} was not evaluated yet.`
        : `The alerting rule ${JSON.stringify(name)} cannot be evaluated: ${shorten(broken.lastError ?? broken.health)}`,
    );
  }
  return {
    kind: 'values',
    values: {
      value: alerts.filter(({ state }) => state === 'firing').length,
      insufficient: false,
      reason: null,
      parts: [],
    },
  };
}
