import {
  createApiFactory,
  createPlugin,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { createLazyClient } from '../api/createLazyClient';
import { modelDeliveryApiRef } from '../api/modelDeliveryApi';
import { newModelExternalRouteRef, rootRouteRef } from './routes';

/** The same plugin for apps on the old frontend system. */
export const modelDeliveryPlugin = createPlugin({
  id: 'model-delivery',
  apis: [
    createApiFactory({
      api: modelDeliveryApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: createLazyClient,
    }),
  ],
  routes: { root: rootRouteRef },
  externalRoutes: { newModel: newModelExternalRouteRef },
});
