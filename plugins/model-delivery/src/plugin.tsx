import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { clientApi } from './blueprints/apis';
import {
  approvalsCard,
  deliveryCard,
  modelsUsedCard,
} from './blueprints/cards';
import {
  dataAddressFormField,
  modelNameFormField,
  projectFilesFormField,
} from './blueprints/formFields';
import { fleetActions, modelsPage, newModelAction } from './blueprints/pages';
import {
  deliveryTab,
  monitoringTab,
  pipelinesTab,
  versionsTab,
} from './blueprints/tabs';
import { modelIcon } from './icons';
import { modelsRouteRef, newModelRouteRef } from './routes';

/**
 * Pages and cards that show a model, for the new frontend system. A host loads this file at its
 * start, so neither it nor what it imports may import a component.
 */
export const modelDeliveryPlugin = createFrontendPlugin({
  pluginId: 'model-delivery',
  title: 'Models',
  icon: modelIcon,
  info: { packageJson: () => import('../package.json') },
  routes: { root: modelsRouteRef },
  externalRoutes: { newModel: newModelRouteRef },
  extensions: [
    clientApi,
    modelsPage,
    fleetActions,
    newModelAction,
    deliveryTab,
    pipelinesTab,
    versionsTab,
    monitoringTab,
    approvalsCard,
    deliveryCard,
    modelsUsedCard,
    modelNameFormField,
    dataAddressFormField,
    projectFilesFormField,
  ],
});
