import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  changesExtensionPoint,
  monitorProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import { receiveNotification } from './alerts/receiveNotification';
import { CONFIG_KEY, readServers } from './config';
import { TOPIC } from './ingress/topic';
import { PrometheusMonitorProvider } from './monitoring/PrometheusMonitorProvider';

/** Monitors from each server of `modelDelivery.prometheus.servers`. */
export const modelDeliveryModulePrometheus = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'prometheus',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        changes: changesExtensionPoint,
        monitors: monitorProvidersExtensionPoint,
      },
      async init({ config, events, lifecycle, logger, changes, monitors }) {
        const servers = readServers(config);
        if (servers.length === 0) {
          logger.info(
            `No Prometheus is set up; ${CONFIG_KEY}.servers names them`,
          );
          return;
        }
        const providers = servers.map(server => {
          const provider = new PrometheusMonitorProvider(server);
          monitors.addMonitorProvider(provider);
          lifecycle.addShutdownHook(() => provider.close());
          return { provider, isPushed: server.alertmanager?.webhook };
        });
        const pushed = providers.filter(({ isPushed }) => isPushed);
        if (pushed.length === 0) return;
        await events.subscribe({
          id: 'prometheus',
          topics: [TOPIC],
          onEvent: async ({ eventPayload }) =>
            receiveNotification(
              eventPayload,
              pushed.map(({ provider }) => provider),
              changes,
            ),
        });
      },
    });
  },
});
