import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createPublishProjectAction } from './actions/publishProject';
import { createWaitForModelAction } from './actions/waitForModel';

/** Actions that make a model project. */
export const scaffolderModuleModelDelivery = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'model-delivery',
  register(env) {
    env.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        discovery: coreServices.discovery,
      },
      async init({ actions, auth, catalog, discovery }) {
        actions.addActions(
          createPublishProjectAction({ auth, discovery }),
          createWaitForModelAction({ catalog }),
        );
      },
    });
  },
});
