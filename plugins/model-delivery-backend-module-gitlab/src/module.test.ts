import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  changesExtensionPoint,
  deploymentProvidersExtensionPoint,
  pipelineProvidersExtensionPoint,
  type ProviderIdentity,
} from '@slipway/plugin-model-delivery-node';
import gitlabModule from './index';

async function start(modelDelivery: object) {
  const providers: ProviderIdentity[] = [];
  const host = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(changesExtensionPoint, { report() {} });
      env.registerExtensionPoint(deploymentProvidersExtensionPoint, {
        addDeploymentProvider: provider => providers.push(provider),
      });
      env.registerExtensionPoint(pipelineProvidersExtensionPoint, {
        addPipelineProvider: provider => providers.push(provider),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const logger = mockServices.logger.mock();
  const backend = await startTestBackend({
    features: [
      host,
      gitlabModule,
      mockServices.events.factory(),
      logger.factory,
      mockServices.rootConfig.factory({
        data: {
          modelDelivery,
          integrations: { gitlab: [{ host: 'gitlab.com', token: 'x' }] },
        },
      }),
    ],
  });
  await backend.stop();
  return { providers, logger };
}

describe('the module', () => {
  it('adds a provider of runs and one of deployments for a host', async () => {
    const { providers } = await start({ gitlab: {} });
    expect(providers.map(({ id, host }) => [id, host])).toEqual([
      ['gitlab', 'gitlab.com'],
      ['gitlab', 'gitlab.com'],
    ]);
  });

  it('is off without its configuration, and says what turns it on', async () => {
    const { providers, logger } = await start({});
    expect(providers).toEqual([]);
    expect(logger.info).toHaveBeenCalledWith(
      'GitLab CI/CD is not followed; modelDelivery.gitlab turns it on',
    );
  });

  it('does not start with a configuration that does not hold', async () => {
    await expect(start({ gitlab: { artifact: '' } })).rejects.toThrow(
      /modelDelivery\.gitlab\.artifact/,
    );
  });
});
