import { z } from 'zod';
import { environmentName, timestamp } from './base';

/** A figure over several changes. */
export const figure = z
  .object({
    /** Null where there is too little data for one. */
    value: z.number().nullable(),
    /** How many changes it is computed from. */
    n: z.int().min(0),
    /** Why there is no value, as a sentence. */
    reason: z.string().nullable(),
  })
  .meta({ id: 'Figure' });
export type Figure = z.infer<typeof figure>;

/**
 * How an environment is delivered to, over a window of time. A change is a version that went live by
 * anything but a roll back. Durations are medians in seconds.
 */
export const deliveryFigures = z
  .object({
    environment: environmentName,
    from: timestamp,
    to: timestamp,
    /** The newest changes are counted up to a limit; then `from` is when the oldest of them went live. */
    limited: z.boolean(),
    changesPerWeek: figure,
    /** From the commit to the moment its version went live. */
    leadTimeSeconds: figure,
    /** The share, from 0 to 1, of changes that were rolled back. */
    failedShare: figure,
    /** From the moment a version that was rolled back went live to the moment its successor did. */
    restoreSeconds: figure,
  })
  .meta({ id: 'DeliveryFigures' });
export type DeliveryFigures = z.infer<typeof deliveryFigures>;
