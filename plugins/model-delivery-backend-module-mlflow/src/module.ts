import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  changesExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import { CONFIG_KEY, readMlflowConfig } from './config';
import { createProvider } from './createProvider';
import { changesOf } from './webhooks/change';
import { TOPIC } from './webhooks/eventsModule';

/** Versions and registered models of each configured MLflow server. */
export const modelDeliveryModuleMlflow = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'mlflow',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        events: eventsServiceRef,
        changes: changesExtensionPoint,
        versions: versionProvidersExtensionPoint,
      },
      async init({ config, logger, events, changes, versions }) {
        const servers = readMlflowConfig(config);
        if (servers.length === 0) {
          logger.info(`MLflow is off; ${CONFIG_KEY}.servers turns it on`);
          return;
        }
        for (const server of servers) {
          versions.addVersionProvider(
            createProvider(server, change => changes.report(change)),
          );
        }
        const told = servers.filter(({ webhook }) => webhook).map(s => s.id);
        if (told.length === 0) return;
        await events.subscribe({
          id: 'model-delivery-mlflow',
          topics: [TOPIC],
          async onEvent({ eventPayload }) {
            for (const change of changesOf(eventPayload, told)) {
              changes.report(change);
            }
          },
        });
      },
    });
  },
});
