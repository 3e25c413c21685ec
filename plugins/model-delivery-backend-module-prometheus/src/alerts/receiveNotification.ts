import type { ChangesExtensionPoint } from '@slipway/plugin-model-delivery-node';
import type { PrometheusMonitorProvider } from '../monitoring/PrometheusMonitorProvider';
import { notification } from '../upstream/answers';

/** Of more it is quicker to read every monitor than to find out which. */
const MOST_ALERTS = 200;

/**
 * Takes what an Alertmanager posted as a hint to look: monitors that its alerts are about are due.
 * What it says is not taken for the state of anything, so one that comes late, twice or out of
 * order does no harm.
 *
 * @throws ZodError for what is no notification.
 */
export function receiveNotification(
  payload: unknown,
  providers: PrometheusMonitorProvider[],
  changes: ChangesExtensionPoint,
): void {
  const { alerts, truncatedAlerts } = notification.parse(payload);
  const labels = alerts.map(alert => alert.labels);
  const isWhole = truncatedAlerts === 0 && alerts.length <= MOST_ALERTS;
  for (const provider of providers) {
    provider.forgetAlerts();
    const hint = { provider: provider.id, what: 'monitors' as const };
    const models = isWhole ? provider.modelsWatching(labels) : null;
    if (models === null) changes.report({ ...hint, model: null });
    for (const model of models ?? []) changes.report({ ...hint, model });
  }
}
