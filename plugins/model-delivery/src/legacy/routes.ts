import { convertLegacyRouteRef } from '@backstage/core-compat-api';
import { createRouteRef } from '@backstage/core-plugin-api';
import { modelsRouteRef, newModelRouteRef } from '../routes';

/** The refs of the new system, as an app on the old one binds and mounts them. */
export const rootRouteRef = convertLegacyRouteRef(modelsRouteRef);
export const newModelExternalRouteRef = convertLegacyRouteRef(newModelRouteRef);

export const deliveryRouteRef = createRouteRef({
  id: 'model-delivery.delivery',
});
export const pipelinesRouteRef = createRouteRef({
  id: 'model-delivery.pipelines',
});
export const versionsRouteRef = createRouteRef({
  id: 'model-delivery.versions',
});
export const monitoringRouteRef = createRouteRef({
  id: 'model-delivery.monitoring',
});
