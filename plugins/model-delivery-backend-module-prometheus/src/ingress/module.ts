import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsExtensionPoint } from '@backstage/plugin-events-node/alpha';
import { readServers, webhookSecrets } from '../config';
import { TOPIC } from './topic';
import { bearerValidator } from './validator';

/** Where an Alertmanager posts to; there is no such address without a secret. */
export const eventsModuleAlertmanager = createBackendModule({
  pluginId: 'events',
  moduleId: 'model-delivery-prometheus',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsExtensionPoint,
      },
      async init({ config, events }) {
        const secrets = webhookSecrets(readServers(config));
        if (secrets.length === 0) return;
        events.addHttpPostIngress({
          topic: TOPIC,
          validator: bearerValidator(secrets),
        });
      },
    });
  },
});
