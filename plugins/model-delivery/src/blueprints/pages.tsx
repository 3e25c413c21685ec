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
    loader: () => import('../pages/fleet').then(m => <m.FleetPage />),
  },
});

export const newModelAction = PluginHeaderActionBlueprint.make({
  name: 'new-model',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.NewModelButton />),
  },
});
