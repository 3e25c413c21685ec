import { compatWrapper } from '@backstage/core-compat-api';
import {
  createComponentExtension,
  createRoutableExtension,
} from '@backstage/core-plugin-api';
import { modelDeliveryPlugin } from './plugin';
import {
  deliveryRouteRef,
  monitoringRouteRef,
  pipelinesRouteRef,
  rootRouteRef,
  versionsRouteRef,
} from './routes';

/** The fleet, to be mounted at `/models`. */
export const ModelsPage = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'ModelsPage',
    mountPoint: rootRouteRef,
    component: () =>
      import('./LegacyModelsPage').then(({ LegacyModelsPage }) => () => (
        <>{compatWrapper(<LegacyModelsPage />)}</>
      )),
  }),
);

/** The tabs of a model: each goes into an `EntityLayout.Route` of the path in its name. */
export const EntityDeliveryContent = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'EntityDeliveryContent',
    mountPoint: deliveryRouteRef,
    component: () =>
      import('../pages/delivery').then(({ DeliveryTab }) => () => (
        <>{compatWrapper(<DeliveryTab />)}</>
      )),
  }),
);

export const EntityPipelinesContent = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'EntityPipelinesContent',
    mountPoint: pipelinesRouteRef,
    component: () =>
      import('../pages/pipelines').then(({ PipelinesTab }) => () => (
        <>{compatWrapper(<PipelinesTab />)}</>
      )),
  }),
);

export const EntityVersionsContent = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'EntityVersionsContent',
    mountPoint: versionsRouteRef,
    component: () =>
      import('../pages/versions').then(({ VersionsTab }) => () => (
        <>{compatWrapper(<VersionsTab />)}</>
      )),
  }),
);

export const EntityMonitoringContent = modelDeliveryPlugin.provide(
  createRoutableExtension({
    name: 'EntityMonitoringContent',
    mountPoint: monitoringRouteRef,
    component: () =>
      import('../pages/monitoring').then(({ MonitoringTab }) => () => (
        <>{compatWrapper(<MonitoringTab />)}</>
      )),
  }),
);

export const EntityDeliveryCard = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityDeliveryCard',
    component: {
      lazy: () =>
        import('../cards').then(({ DeliveryCard }) => () => (
          <>{compatWrapper(<DeliveryCard />)}</>
        )),
    },
  }),
);

/** What waits for an approval of the visitor, for a home page. */
export const ApprovalsCard = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'ApprovalsCard',
    component: {
      lazy: () =>
        import('../cards').then(({ ApprovalsCard: Card }) => () => (
          <>{compatWrapper(<Card />)}</>
        )),
    },
  }),
);

export const EntityModelsUsedCard = modelDeliveryPlugin.provide(
  createComponentExtension({
    name: 'EntityModelsUsedCard',
    component: {
      lazy: () =>
        import('../cards').then(({ ModelsUsedCard }) => () => (
          <>{compatWrapper(<ModelsUsedCard />)}</>
        )),
    },
  }),
);
