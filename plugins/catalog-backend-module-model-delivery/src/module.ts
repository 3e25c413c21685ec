import { createBackendModule } from '@backstage/backend-plugin-api';

/** The MLModel kind and the discovery of registered models. */
export const catalogModuleModelDelivery = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'model-delivery',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
