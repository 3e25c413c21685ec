import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { Stores } from '../database/stores';

/** How many models one sweep considers; the next sweep takes the rest. */
const BATCH = 100;

/**
 * Considers the models for which time alone changed something: a soak or a freeze ended, a freeze
 * began, or an evaluation grew too old. A model is settled after it was considered, so one that a
 * crash interrupts is considered again.
 */
export async function considerDue(options: {
  stores: Stores;
  consider: (spec: ModelSpec) => Promise<void>;
  logger: LoggerService;
  now: () => Date;
}): Promise<void> {
  const { stores, consider, logger } = options;
  const now = options.now().toISOString();
  for (const ref of await stores.models.dueRefs(now, BATCH)) {
    const model = await stores.models.get(ref);
    try {
      if (model) await consider(model.spec);
    } catch (error) {
      // Its pages are brought up to date all the same, and its sources consider it again.
      logger.warn(`Could not consider deliveries of ${ref}`, toError(error));
    }
    await stores.models.settleDue(ref, now);
  }
}
