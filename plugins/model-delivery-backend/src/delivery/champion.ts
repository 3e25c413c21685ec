import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ChampionRef } from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';

/** What is live furthest along the promotion order: what a new version has to be compared with. */
export async function championOf(
  stores: Stores,
  spec: ModelSpec,
): Promise<ChampionRef | null> {
  const live = await stores.live.current(spec.entityRef);
  for (const environment of [...spec.environments].reverse()) {
    const interval = live.get(environment.name);
    if (interval) {
      return { version: interval.version, digest: interval.digest };
    }
  }
  return null;
}
