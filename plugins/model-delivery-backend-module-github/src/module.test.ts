import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  type ProviderIdentity,
  runQuestionsExtensionPoint,
} from '@slipway/plugin-model-delivery-node';
import githubModule from './index';

async function start(modelDelivery: object) {
  const providers: ProviderIdentity[] = [];
  const host = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(changesExtensionPoint, { report() {} });
      env.registerExtensionPoint(pipelineProvidersExtensionPoint, {
        addPipelineProvider: provider => providers.push(provider),
      });
      env.registerExtensionPoint(deploymentProvidersExtensionPoint, {
        addDeploymentProvider: provider => providers.push(provider),
      });
      env.registerExtensionPoint(runQuestionsExtensionPoint, {
        async ask() {},
        async reviewed() {},
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const logger = mockServices.logger.mock();
  const backend = await startTestBackend({
    features: [
      host,
      githubModule,
      mockServices.events.factory(),
      logger.factory,
      mockServices.rootConfig.factory({
        data: {
          modelDelivery,
          integrations: { github: [{ host: 'github.com', token: 'x' }] },
        },
      }),
    ],
  });
  await backend.stop();
  return { providers, logger };
}

describe('the module', () => {
  it('adds a provider of runs and one of deployments for a host', async () => {
    const { providers } = await start({ github: {} });
    expect(providers.map(({ id, host }) => [id, host])).toEqual([
      ['github', 'github.com'],
      ['github', 'github.com'],
    ]);
  });

  it('is off without its configuration, and says what turns it on', async () => {
    const { providers, logger } = await start({});
    expect(providers).toEqual([]);
    expect(logger.info).toHaveBeenCalledWith(
      'GitHub Actions is not followed; modelDelivery.github turns it on',
    );
  });

  it('does not start with a configuration that does not hold', async () => {
    await expect(start({ github: { artifact: '' } })).rejects.toThrow(
      /modelDelivery\.github\.artifact/,
    );
  });
});
