import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { Syncer } from './Syncer';

const AGAIN_SECONDS = 30;

/** Reads what each environment serves and how its server is. */
export class EnvironmentSyncer implements Syncer {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    private readonly now: () => Date,
  ) {}

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('deployments', providerId);
    let changed = false;
    for (const environment of spec.environments) {
      if (environment.target.provider !== providerId) continue;
      const state = await provider.getState(
        {
          ...targetOf(spec, environment.target),
          environment: environment.name,
        },
        context,
      );
      const differs = await this.stores.live.putState(
        spec.entityRef,
        environment.name,
        state,
        this.now().toISOString(),
      );
      changed ||= differs;
    }
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS,
    };
  }
}
