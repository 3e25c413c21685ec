import {
  createBackendModule,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  type EventParams,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import {
  type MonitorProvider,
  type ProviderChange,
  changesExtensionPoint,
  monitorProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';

/** Stands in for the plugin: it takes what a module registers and reports, and sees the topic. */
export function hostPlugin() {
  const providers: MonitorProvider[] = [];
  const changes: ProviderChange[] = [];
  const seen: EventParams[] = [];
  const plugin = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(changesExtensionPoint, {
        report: change => changes.push(change),
      });
      env.registerExtensionPoint(monitorProvidersExtensionPoint, {
        addMonitorProvider: provider => providers.push(provider),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const listener = createBackendModule({
    pluginId: 'model-delivery',
    moduleId: 'listener',
    register(env) {
      env.registerInit({
        deps: { events: eventsServiceRef },
        async init({ events }) {
          await events.subscribe({
            id: 'listener',
            topics: ['alertmanager'],
            onEvent: async event => {
              seen.push(event);
            },
          });
        },
      });
    },
  });
  return { providers, changes, seen, features: [plugin, listener] };
}
