import type { Entity } from '@backstage/catalog-model';
import { ANNOTATION_ENTITY_PROBLEM } from '@slipway/plugin-model-delivery-common';
import { z } from 'zod';

/** What the catalog attaches to an entity whose newest file could not be processed. */
const withStatus = z.object({
  status: z.object({
    items: z.array(z.object({ level: z.string(), message: z.string() })),
  }),
});

/**
 * Why an entity is shown as it was last valid, or null where it is up to date: the catalog keeps an
 * entity whose newest file is invalid, and so do providers that discover it.
 */
export function entityProblem(entity: Entity): string | null {
  const declared = entity.metadata.annotations?.[ANNOTATION_ENTITY_PROBLEM];
  return declared ?? processingError(entity);
}

/** Why the catalog could not process an entity last, or null where it could. */
export function processingError(entity: Entity): string | null {
  const parsed = withStatus.safeParse(entity);
  const failed = parsed.success
    ? parsed.data.status.items.find(item => item.level === 'error')
    : undefined;
  return failed?.message ?? null;
}
