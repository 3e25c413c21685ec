import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderContext } from '@slipway/plugin-model-delivery-node';

/** Reads one source of one model into the database. */
export interface Syncer {
  /** @returns whether anything is new, and in how many seconds to look again. */
  sync(
    spec: ModelSpec,
    provider: string,
    context: ProviderContext,
  ): Promise<{ changed: boolean; againInSeconds: number }>;
}
