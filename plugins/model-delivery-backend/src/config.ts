import type { RootConfigService } from '@backstage/backend-plugin-api';
import {
  deliveryDefaults,
  describeIssues,
} from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

const schema = z.object({
  defaults: deliveryDefaults.prefault({}),
  sampleRetentionDays: z.number().positive().max(3650).default(30),
});
export type ModelDeliveryConfig = z.infer<typeof schema>;

/** Reads `modelDelivery`; a mistake names the key and what would be right. */
export function readConfig(config: RootConfigService): ModelDeliveryConfig {
  const input = config.getOptional('modelDelivery') ?? {};
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    throw new Error(describeIssues('modelDelivery', parsed.error, input));
  }
  return parsed.data;
}
