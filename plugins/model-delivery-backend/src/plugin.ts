import { createBackendPlugin } from '@backstage/backend-plugin-api';

/** The backend of model delivery. */
export const modelDeliveryPlugin = createBackendPlugin({
  pluginId: 'model-delivery',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
