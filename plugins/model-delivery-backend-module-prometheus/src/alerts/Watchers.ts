import type { MonitorTarget } from '@slipway/plugin-model-delivery-node';
import { type AlertRule, type Labels, isAbout } from './AlertRule';

const MOST_WATCHERS = 50_000;

interface Watcher {
  model: { namespace: string; name: string };
  rule: AlertRule;
}

/** Which model watches for which alerts, as far as this process has read monitors. */
export class Watchers {
  readonly #byMonitor = new Map<string, Watcher>();

  remember(
    { entityRef, namespace, name, monitor }: MonitorTarget,
    rule: AlertRule,
  ): void {
    const key = JSON.stringify([entityRef, monitor.name]);
    this.#byMonitor.delete(key);
    this.#byMonitor.set(key, { model: { namespace, name }, rule });
    if (this.#byMonitor.size > MOST_WATCHERS) {
      const [oldest] = this.#byMonitor.keys();
      this.#byMonitor.delete(oldest);
    }
  }

  /** Models with a monitor that one of these alerts is about; null where one is about none known. */
  modelsOf(alerts: Labels[]): Watcher['model'][] | null {
    const models = new Map<string, Watcher['model']>();
    for (const labels of alerts) {
      const about = [...this.#byMonitor.values()].filter(({ rule }) =>
        isAbout(rule, labels),
      );
      if (about.length === 0) return null;
      for (const { model } of about) {
        models.set(`${model.namespace}/${model.name}`, model);
      }
    }
    return [...models.values()];
  }
}
