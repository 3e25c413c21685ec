import { createBackendModule } from '@backstage/backend-plugin-api';

/** Actions that create a model project and register it. */
export const scaffolderModuleModelDelivery = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'model-delivery',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
