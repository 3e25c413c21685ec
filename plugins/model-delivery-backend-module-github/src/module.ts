import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  runQuestionsExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import { publicDispatcher } from '@slipway/plugin-model-delivery-node/http';
import { createBoundedFetch } from './client/boundedFetch';
import { createCredentials } from './client/credentials';
import { createOctokit } from './client/octokit';
import { CONFIG_KEY, readGithubConfig } from './config';
import { createInstance } from './createInstance';
import { subscribeToProtection } from './protection/subscribe';
import { subscribeToWebhooks } from './webhooks/subscribe';

const FOLLOW_SECONDS = 5;

/** Runs, evidence and deployments through GitHub Actions. Off unless `modelDelivery.github` is there. */
export const modelDeliveryModuleGithub = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'github',
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
        questions: runQuestionsExtensionPoint,
      },
      async init({ config, events, lifecycle, logger, ...points }) {
        const github = readGithubConfig(config);
        if (!github) {
          logger.info(
            `GitHub Actions is not followed; ${CONFIG_KEY} turns it on`,
          );
          return;
        }
        const fetch = createBoundedFetch();
        const downloads = publicDispatcher();
        const running = github.instances.map(instance =>
          createInstance(
            instance,
            github,
            change => points.changes.report(change),
            {
              fetch,
              downloads,
              credentials: createCredentials(
                instance.title,
                instance.integration,
              ),
              octokitOf: credential =>
                createOctokit(instance.apiBaseUrl, credential),
              now: Date.now,
              later: (ms, act) => {
                const timer = setTimeout(act, ms).unref();
                return () => clearTimeout(timer);
              },
              followSeconds: FOLLOW_SECONDS,
            },
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
        await subscribeToProtection(
          events,
          running.map(one => one.protected),
          points.questions,
        );
        lifecycle.addShutdownHook(() => running.forEach(one => one.stop()));
      },
    });
  },
});
