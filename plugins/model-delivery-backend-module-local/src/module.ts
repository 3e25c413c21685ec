import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  monitorProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  projectProvidersExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import { readLocalConfig } from './config';
import { openDatabase } from './database/migrate';
import { startEngine } from './engine';

/** All capabilities on one machine. Off unless `modelDelivery.local.enabled` is true. */
export const modelDeliveryModuleLocal = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'local',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        database: coreServices.database,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        changes: changesExtensionPoint,
        deployments: deploymentProvidersExtensionPoint,
        monitors: monitorProvidersExtensionPoint,
        pipelines: pipelineProvidersExtensionPoint,
        projects: projectProvidersExtensionPoint,
        versions: versionProvidersExtensionPoint,
      },
      async init({ config, database, lifecycle, logger, ...points }) {
        const localConfig = readLocalConfig(config);
        if (!localConfig) {
          logger.info(
            'The local engine is off; modelDelivery.local.enabled turns it on',
          );
          return;
        }
        const engine = await startEngine({
          config: localConfig,
          knex: await openDatabase(database),
          logger,
          report: change => points.changes.report(change),
        });
        lifecycle.addShutdownHook(() => engine.stop());
        points.pipelines.addPipelineProvider(engine.pipelines);
        points.versions.addVersionProvider(engine.versions);
        points.deployments.addDeploymentProvider(engine.deployments);
        points.monitors.addMonitorProvider(engine.monitors);
        points.projects.addProjectProvider(engine.projects);
      },
    });
  },
});
