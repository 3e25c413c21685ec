import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsExtensionPoint } from '@backstage/plugin-events-node/alpha';
import { readMlflowConfig } from '../config';
import { isSigned } from './signature';

/** Deliveries come in at `/api/events/http/mlflow`. */
export const TOPIC = 'mlflow';

/** Lets signed deliveries of MLflow's webhooks in. Without a secret there is no way in. */
export const eventsModuleMlflow = createBackendModule({
  pluginId: 'events',
  moduleId: 'model-delivery-mlflow',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsExtensionPoint,
      },
      async init({ config, events }) {
        const secrets = readMlflowConfig(config).flatMap(({ webhook }) =>
          webhook ? [webhook.secret] : [],
        );
        if (secrets.length === 0) return;
        events.addHttpPostIngress({
          topic: TOPIC,
          async validator({ headers, raw }, context) {
            if (isSigned({ headers, body: raw.body }, secrets)) return;
            context.reject({
              status: 403,
              payload: { message: 'The signature is invalid.' },
            });
          },
        });
      },
    });
  },
});
