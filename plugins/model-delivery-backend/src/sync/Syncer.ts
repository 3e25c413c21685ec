import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type {
  ProviderContext,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';

/** Reads one source of one model into the database. */
export interface Syncer {
  /**
   * @returns whether anything is new, in how many seconds to look again, and what could not be loaded
   *   where the rest was.
   */
  sync(
    spec: ModelSpec,
    provider: string,
    context: ProviderContext,
  ): Promise<{
    changed: boolean;
    againInSeconds: number;
    missing?: ProviderError;
  }>;
}
