import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import {
  createBoundedRequest,
  publicDispatcher,
} from '@slipway/plugin-model-delivery-node/http';
import { CONFIG_KEY, readGitlabConfig } from './config';
import { createInstance } from './createInstance';
import { subscribeToWebhooks } from './webhooks/subscribe';

const FOLLOW_SECONDS = 5;

/** Runs, evidence and deployments through GitLab CI/CD. Off unless `modelDelivery.gitlab` is there. */
export const modelDeliveryModuleGitlab = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'gitlab',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        changes: changesExtensionPoint,
        deployments: deploymentProvidersExtensionPoint,
        pipelines: pipelineProvidersExtensionPoint,
      },
      async init({ config, events, lifecycle, logger, ...points }) {
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
          later: (ms: number, act: () => void) => {
            const timer = setTimeout(act, ms).unref();
            return () => clearTimeout(timer);
          },
          followSeconds: FOLLOW_SECONDS,
        };
        const running = gitlab.instances.map(instance =>
          createInstance(
            instance,
            gitlab,
            change => points.changes.report(change),
            outside,
          ),
        );
        for (const one of running) {
          points.pipelines.addPipelineProvider(one.pipelines);
          points.deployments.addDeploymentProvider(one.deployments);
        }
        await subscribeToWebhooks(
          events,
          running.map(({ listener }) => listener),
        );
        lifecycle.addShutdownHook(() => running.forEach(one => one.stop()));
      },
    });
  },
});
