import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createPrepareDataAction } from './actions/prepareData';
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
        reader: coreServices.urlReader,
      },
      async init({ actions, auth, catalog, discovery, reader }) {
        actions.addActions(
          createPrepareDataAction({ reader }),
          createPublishProjectAction({ auth, discovery }),
          createWaitForModelAction({ catalog }),
        );
      },
    });
  },
});
