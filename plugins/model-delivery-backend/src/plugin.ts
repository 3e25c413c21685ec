import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  isResourcePermission,
  type Permission,
} from '@backstage/plugin-permission-common';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  MODEL_PROCESSED_TOPIC,
  modelDeliveryPermissions,
  RESOURCE_TYPE_MODEL_ENVIRONMENT,
} from '@slipway/plugin-model-delivery-common';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  monitorProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  projectProvidersExtensionPoint,
  type ProviderChange,
  type RunQuestionsExtensionPoint,
  runQuestionsExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import {
  modelEnvironmentResourceRef,
  modelEnvironmentRules,
} from '@slipway/plugin-model-delivery-node/permissions';
import Router from 'express-promise-router';
import { registerActions } from './actions/registerActions';
import { readConfig } from './config';
import { connect } from './database/migrate';
import { DataAddresses } from './onboarding/DataAddresses';
import { ProviderRegistry } from './providers/ProviderRegistry';
import { Authorizer } from './routes/Authorizer';
import { Callers } from './routes/Callers';
import { createRouter } from './routes/createRouter';
import { createService } from './service';
import { readAfterProcessing } from './sync/readAfterProcessing';

/** The backend of model delivery. */
export const modelDeliveryPlugin = createBackendPlugin({
  pluginId: 'model-delivery',
  register(env) {
    const registry = new ProviderRegistry();
    // Modules start before the plugin: what they report until then is found by the first sweep.
    let questions: RunQuestionsExtensionPoint | undefined;
    let onChange: (change: ProviderChange) => void = () => undefined;
    env.registerExtensionPoint(pipelineProvidersExtensionPoint, {
      addPipelineProvider: p => registry.add('pipelines', p),
    });
    env.registerExtensionPoint(versionProvidersExtensionPoint, {
      addVersionProvider: p => registry.add('versions', p),
    });
    env.registerExtensionPoint(deploymentProvidersExtensionPoint, {
      addDeploymentProvider: p => registry.add('deployments', p),
    });
    env.registerExtensionPoint(monitorProvidersExtensionPoint, {
      addMonitorProvider: p => registry.add('monitors', p),
    });
    env.registerExtensionPoint(projectProvidersExtensionPoint, {
      addProjectProvider: p => registry.add('projects', p),
    });
    env.registerExtensionPoint(changesExtensionPoint, {
      report: change => onChange(change),
    });
    env.registerExtensionPoint(runQuestionsExtensionPoint, {
      ask: async question => started(questions).ask(question),
      reviewed: async review => started(questions).reviewed(review),
    });

    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        registerActions({ ...deps, registry: deps.actionsRegistry });
        const service = createService({
          ...deps,
          registry,
          knex: await connect(deps.database),
          config: readConfig(deps.config),
          dataAddresses: new DataAddresses(deps.config),
        });
        onChange = service.onChange;
        const isOfEnvironment = (permission: Permission) =>
          isResourcePermission(permission, RESOURCE_TYPE_MODEL_ENVIRONMENT);
        // First: the RBAC plugin takes an action in its conditions for the first permission that has it,
        // whatever the resource type.
        deps.permissionsRegistry.addResourceType({
          resourceRef: modelEnvironmentResourceRef,
          permissions: modelDeliveryPermissions.filter(isOfEnvironment),
          rules: Object.values(modelEnvironmentRules),
          getResources: service.environmentsOf,
        });
        deps.permissionsRegistry.addPermissions(
          modelDeliveryPermissions.filter(one => !isOfEnvironment(one)),
        );
        questions = service.questions;

        deps.httpRouter.use(
          Router().use(
            '/v1',
            createRouter(service.routeDeps, {
              httpAuth: deps.httpAuth,
              auditor: deps.auditor,
              authorizer: new Authorizer(deps.permissions),
              callers: new Callers(deps.userInfo, service.emailOf),
              findModel: service.findModel,
            }),
          ),
        );
        deps.httpRouter.addAuthPolicy({
          path: '/v1/openapi.json',
          allow: 'unauthenticated',
        });

        deps.httpRouter.addAuthPolicy({
          path: '/v1/health',
          allow: 'unauthenticated',
        });
        await readAfterProcessing(deps.events, MODEL_PROCESSED_TOPIC, ref =>
          service.catalogSync.readOne(ref),
        );
        await deps.scheduler.scheduleTask({
          id: 'model-delivery-catalog-sync',
          // Events tell of changes; this makes up for those that were lost.
          frequency: { minutes: 10 },
          timeout: { minutes: 5 },
          scope: 'local',
          fn: () => service.catalogSync.sweep(),
        });
        await deps.scheduler.scheduleTask({
          id: 'model-delivery-stale-summaries',
          frequency: { seconds: 30 },
          timeout: { seconds: 60 },
          fn: () => service.refreshStale(),
        });
        await deps.scheduler.scheduleTask({
          id: 'model-delivery-retention',
          frequency: { hours: 1 },
          timeout: { seconds: 60 },
          initialDelay: { minutes: 2 },
          fn: () => service.forget(),
        });
        deps.lifecycle.addStartupHook(() => service.start());
        deps.lifecycle.addShutdownHook(() => service.stop());
      },
    });
  },
});

/** @throws Error until the plugin has started. */
function started(
  questions: RunQuestionsExtensionPoint | undefined,
): RunQuestionsExtensionPoint {
  if (!questions) throw new Error('The backend has not started yet.');
  return questions;
}
