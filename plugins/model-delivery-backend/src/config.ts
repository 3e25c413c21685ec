import type { RootConfigService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  deliveryDefaults,
  describeIssues,
} from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

const patterns = z.array(z.string().min(1).max(500)).min(1);

/** Who may deploy where; an owner may be written without its kind and namespace. */
const targetRule = z
  .strictObject({
    owner: z
      .string()
      .min(1)
      .transform(owner =>
        stringifyEntityRef(parseEntityRef(owner, { defaultKind: 'Group' })),
      ),
    repositories: patterns.optional(),
    namespaces: patterns.optional(),
    services: patterns.optional(),
  })
  .refine(
    rule => rule.repositories || rule.namespaces || rule.services,
    'needs repositories, namespaces or services',
  );

const days = z.number().positive().max(3650);

const schema = z.object({
  targets: z.array(targetRule).default([]),
  defaults: deliveryDefaults.prefault({}),
  retention: z
    .strictObject({
      samplesDays: days.default(30),
      eventsDays: days.default(365),
      runsDays: days.default(365),
    })
    .prefault({}),
  feedback: z
    .strictObject({
      retrainsPerDay: z.int().min(0).max(100).default(3),
      dryRun: z.boolean().default(false),
    })
    .prefault({}),
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
