import {
  type BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  changesExtensionPoint,
  type ChangesExtensionPoint,
  deploymentProvidersExtensionPoint,
  monitorProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  versionProvidersExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import request from 'supertest';
import modelDelivery from '..';
import type { FakeSystem } from './fakes';

export const BASE = '/api/model-delivery/v1';
export const MODEL = `${BASE}/models/default/penguin-species`;

/** Boots the plugin for real, with a fake outside system and a fake catalog. */
export async function startBackend(options: {
  system: FakeSystem;
  entities: Entity[];
  features?: (BackendFeature | Promise<{ default: BackendFeature }>)[];
}) {
  let changes: ChangesExtensionPoint | undefined;
  const fakeModule = createBackendModule({
    pluginId: 'model-delivery',
    moduleId: 'fake',
    register(env) {
      env.registerInit({
        deps: {
          pipelines: pipelineProvidersExtensionPoint,
          versions: versionProvidersExtensionPoint,
          deployments: deploymentProvidersExtensionPoint,
          monitors: monitorProvidersExtensionPoint,
          changes: changesExtensionPoint,
        },
        async init(deps) {
          deps.pipelines.addPipelineProvider(options.system);
          deps.versions.addVersionProvider(options.system);
          deps.deployments.addDeploymentProvider(options.system);
          deps.monitors.addMonitorProvider(options.system);
          changes = deps.changes;
        },
      });
    },
  });
  const running = await startTestBackend({
    features: [
      modelDelivery,
      fakeModule,
      catalogServiceMock.factory({ entities: options.entities }),
      mockServices.rootLogger.factory(),
      metricsServiceMock.factory(),
      ...(options.features ?? []),
    ],
  });
  return {
    stop: () => running.stop(),
    api: request(running.server),
    /** Where the backend listens. */
    origin: `http://localhost:${running.server.port()}`,
    /** The fake system says that something changed. */
    hint: (what: 'runs' | 'versions' | 'deployments' | 'monitors') =>
      changes?.report({
        provider: 'fake',
        model: { namespace: 'default', name: 'penguin-species' },
        what,
      }),
  };
}
