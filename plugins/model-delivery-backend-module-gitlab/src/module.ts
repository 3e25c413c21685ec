import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { pipelineProvidersExtensionPoint } from '@slipway/plugin-model-delivery-node';
import {
  createBoundedRequest,
  publicDispatcher,
} from '@slipway/plugin-model-delivery-node/http';
import { CONFIG_KEY, readGitlabConfig } from './config';
import { createInstance } from './createInstance';

/** Runs and evidence through GitLab CI/CD. Off unless `modelDelivery.gitlab` is there. */
export const modelDeliveryModuleGitlab = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'gitlab',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        pipelines: pipelineProvidersExtensionPoint,
      },
      async init({ config, logger, pipelines }) {
        const gitlab = readGitlabConfig(config);
        if (!gitlab) {
          logger.info(
            `GitLab CI/CD is not followed; ${CONFIG_KEY} turns it on`,
          );
          return;
        }
        const outside = {
          request: createBoundedRequest(),
          downloads: publicDispatcher(),
          now: Date.now,
        };
        for (const instance of gitlab.instances) {
          pipelines.addPipelineProvider(
            createInstance(instance, gitlab, outside).pipelines,
          );
        }
      },
    });
  },
});
