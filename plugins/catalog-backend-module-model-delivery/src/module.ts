import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  MODEL_PROCESSED_TOPIC,
  MODELS_DISCOVERED_TOPIC,
} from '@slipway/plugin-model-delivery-common';
import { ModelDeliveryClient } from '@slipway/plugin-model-delivery-common/client';
import { ModelEntityProvider } from './ModelEntityProvider';
import { ModelKindProcessor } from './ModelKindProcessor';
import { untilFirstSuccess } from './untilFirstSuccess';

/** The MLModel kind and the discovery of registered models. */
export const catalogModuleModelDelivery = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'model-delivery',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const { auth, catalog, events, lifecycle, logger, scheduler } = deps;
        catalog.addProcessor(
          new ModelKindProcessor(entityRef => {
            events
              .publish({
                topic: MODEL_PROCESSED_TOPIC,
                eventPayload: { entityRef },
              })
              .catch(error =>
                logger.debug('A processed model was not announced', error),
              );
          }),
        );

        const client = new ModelDeliveryClient({
          discoveryApi: deps.discovery,
          fetchApi: { fetch },
        });
        const provider = new ModelEntityProvider(async () => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: await auth.getOwnServiceCredentials(),
            targetPluginId: 'model-delivery',
          });
          return client.call('discoverModels', { token });
        }, logger);
        catalog.addEntityProvider(provider);

        const begin = new AbortController();
        lifecycle.addStartupHook(() => {
          void untilFirstSuccess(() => provider.refresh(), begin.signal);
        });
        lifecycle.addShutdownHook(() => begin.abort());
        await scheduler.scheduleTask({
          id: 'model-delivery-discovery',
          frequency: { minutes: 1 },
          timeout: { seconds: 30 },
          initialDelay: { minutes: 1 },
          scope: 'local',
          fn: () => provider.refresh(),
        });
        await events.subscribe({
          id: 'model-delivery-discovery',
          topics: [MODELS_DISCOVERED_TOPIC],
          onEvent: () => provider.refresh(),
        });
      },
    });
  },
});
