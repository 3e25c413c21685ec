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

export const addModelAction = PluginHeaderActionBlueprint.make({
  name: 'add-model',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.AddModelButton />),
  },
});

export const approvalsAction = PluginHeaderActionBlueprint.make({
  name: 'approvals',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.ApprovalsButton />),
  },
});

export const sourcesAction = PluginHeaderActionBlueprint.make({
  name: 'sources',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.SourcesButton />),
  },
});

export const feedbackAction = PluginHeaderActionBlueprint.make({
  name: 'feedback',
  params: {
    loader: () => import('../pages/fleet').then(m => <m.FeedbackButton />),
  },
});
