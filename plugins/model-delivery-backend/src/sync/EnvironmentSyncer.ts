import {
  environmentState,
  type ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import { parseAnswer } from '../providers/parseAnswer';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { PartialRead } from './PartialRead';
import type { Syncer } from './Syncer';

const AGAIN_SECONDS = 30;

/** Reads what each environment serves and how its server is. */
export class EnvironmentSyncer implements Syncer {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #now: () => Date;

  constructor(stores: Stores, registry: ProviderRegistry, now: () => Date) {
    this.#stores = stores;
    this.#registry = registry;
    this.#now = now;
  }

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.#registry.get('deployments', providerId);
    const items = new PartialRead();
    let changed = false;
    for (const { name, target } of spec.environments) {
      if (target.provider !== providerId) continue;
      const differs = await items.read(name, async () => {
        const answer = await provider.getState(
          { ...targetOf(spec, target), environment: name },
          context,
        );
        const about = { thing: `environment ${name}`, part: 'state' };
        return this.#stores.live.putState(
          spec.entityRef,
          name,
          parseAnswer(provider, about, environmentState, answer),
          this.#now().toISOString(),
        );
      });
      changed ||= differs ?? false;
    }
    items.failWhereNothingHeld();
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS,
      missing: items.missing,
    };
  }
}
