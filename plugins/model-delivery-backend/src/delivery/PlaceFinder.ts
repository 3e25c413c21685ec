import {
  type DeployProgress,
  deployProgress,
  type ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type DeploymentProvider,
  type EnvironmentTarget,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { StoredDeployment } from '../database/deploymentRows';
import type { Stores } from '../database/stores';
import { parseAnswer } from '../providers/parseAnswer';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';

/** Where a deployment goes. */
export interface Place {
  spec: ModelSpec;
  provider: DeploymentProvider;
  target: EnvironmentTarget;
}

/**
 * Finds the place of a deployment from what was recorded when it was requested. It stays the same
 * when the entity no longer declares the environment or has left the catalog.
 */
export class PlaceFinder {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;

  constructor(stores: Stores, registry: ProviderRegistry) {
    this.#stores = stores;
    this.#registry = registry;
  }

  /** @throws ProviderError `unsupported` where no module brings the provider. */
  async placeOf(deployment: StoredDeployment): Promise<Place> {
    const spec = await this.#stores.models.lastSpec(deployment.entityRef);
    if (!spec) throw new Error(`${deployment.entityRef} was never read`);
    const id = deployment.target.provider;
    const provider = this.#registry.find('deployments', id);
    if (!provider) {
      throw new ProviderError(
        'unsupported',
        `No deployments provider "${id}" is installed. Add its module to the backend.`,
      );
    }
    return {
      spec,
      provider,
      target: {
        ...targetOf(spec, deployment.target),
        environment: deployment.environment,
      },
    };
  }
}

/** Asks a provider how a deployment is. @throws ProviderError */
export async function progressOf(
  { provider, target }: Place,
  deploymentId: string,
  signal: AbortSignal,
): Promise<DeployProgress> {
  return parseAnswer(
    provider,
    { thing: `deployment ${deploymentId}`, part: 'progress' },
    deployProgress,
    await provider.getProgress(target, deploymentId, { signal }),
  );
}
