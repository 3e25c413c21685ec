import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { isModel } from '../filters';
import { TAB_PATHS } from '../routes';

export const deliveryTab = EntityContentBlueprint.make({
  name: 'delivery',
  params: {
    path: TAB_PATHS.delivery,
    title: 'Delivery',
    filter: isModel,
    loader: () => import('../pages/delivery').then(m => <m.DeliveryTab />),
  },
});

export const pipelinesTab = EntityContentBlueprint.make({
  name: 'pipelines',
  params: {
    path: TAB_PATHS.pipelines,
    title: 'Pipelines',
    filter: isModel,
    loader: () => import('../pages/pipelines').then(m => <m.PipelinesTab />),
  },
});

export const versionsTab = EntityContentBlueprint.make({
  name: 'versions',
  params: {
    path: TAB_PATHS.versions,
    title: 'Versions',
    filter: isModel,
    loader: () => import('../pages/versions').then(m => <m.VersionsTab />),
  },
});

export const monitoringTab = EntityContentBlueprint.make({
  name: 'monitoring',
  params: {
    path: TAB_PATHS.monitoring,
    title: 'Monitoring',
    filter: isModel,
    loader: () => import('../pages/monitoring').then(m => <m.MonitoringTab />),
  },
});
