import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  changesExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import { readShelfConfig } from './config';
import { ShelfVersionProvider } from './ShelfVersionProvider';
import { delivery, TOPIC } from './webhook';

/** Versions of models from the configured Shelf. */
export const modelDeliveryModuleShelf = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'shelf',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        versions: versionProvidersExtensionPoint,
        changes: changesExtensionPoint,
      },
      async init({ config, events, versions, changes }) {
        const shelf = readShelfConfig(config);
        if (!shelf) return;
        const provider = new ShelfVersionProvider(shelf);
        versions.addVersionProvider(provider);
        if (!shelf.webhookSecret) return;
        await events.subscribe({
          id: 'model-delivery-shelf',
          topics: [TOPIC],
          async onEvent({ eventPayload }) {
            const told = delivery.safeParse(eventPayload);
            if (!told.success) return;
            changes.report({
              provider: provider.id,
              model: null,
              subject: told.data.model,
              what: 'versions',
            });
          },
        });
      },
    });
  },
});
