import {
  PageBlueprint,
  PluginHeaderActionBlueprint,
} from '@backstage/frontend-plugin-api';
import { modelIcon } from '../icons';
import { modelsRouteRef } from '../routes';

export const modelsPage = PageBlueprint.make({
  params: {
    path: '/models',
    title: 'Models',
    icon: modelIcon,
    routeRef: modelsRouteRef,
    loader: () => import('../pages/models').then(m => <m.ModelsPages />),
  },
});

export const newModelAction = PluginHeaderActionBlueprint.make({
  name: 'new-model',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.NewModelButton />),
  },
});

export const fleetActions = PluginHeaderActionBlueprint.make({
  name: 'fleet',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.FleetActions />),
  },
});
