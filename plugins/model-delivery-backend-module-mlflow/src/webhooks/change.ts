import type { ProviderChange } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';

const delivery = z.looseObject({
  entity: z.enum([
    'registered_model',
    'model_version',
    'model_version_tag',
    'model_version_alias',
  ]),
  data: z.looseObject({ name: z.string().min(1).max(500) }),
});

/**
 * What a webhook says changed, for each server that it may have come from. Nothing where it is
 * about something else, such as a prompt.
 */
export function changesOf(
  payload: unknown,
  providers: readonly string[],
): ProviderChange[] {
  const parsed = delivery.safeParse(payload);
  if (!parsed.success) return [];
  const { entity, data } = parsed.data;
  return providers.map(provider =>
    entity === 'registered_model'
      ? { provider, model: null, what: 'models' }
      : { provider, model: null, subject: data.name, what: 'versions' },
  );
}
