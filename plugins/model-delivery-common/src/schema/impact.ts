import { z } from 'zod';

/** An entity of the catalog that uses a model, directly or through one of its APIs. */
export const consumer = z
  .object({
    entityRef: z.string(),
    title: z.string(),
    /** Entity ref. */
    owner: z.string().nullable(),
    /** Entity ref of the API through which it uses the model; null where it depends on it directly. */
    through: z.string().nullable(),
  })
  .meta({ id: 'Consumer' });
export type Consumer = z.infer<typeof consumer>;

/** Who is affected by a version in an environment, and whether it breaks them. */
export const impact = z
  .object({
    environment: z.string(),
    version: z.string(),
    liveVersion: z.string().nullable(),
    signature: z.object({
      verdict: z.enum(['compatible', 'widened', 'breaking', 'unknown']),
      /** The verdict in a sentence. */
      summary: z.string(),
      /** A phrase for each change, the breaking ones first. */
      changes: z.array(z.string()),
    }),
    /** APIs that the model provides, as entity refs. */
    apis: z.array(z.string()),
    /** That the caller may see; null where the catalog could not tell. */
    consumers: z.array(consumer).nullable(),
    /** Why the consumers are not known, in a sentence. */
    problem: z.string().nullable(),
  })
  .meta({ id: 'Impact' });
export type Impact = z.infer<typeof impact>;
