import { z } from 'zod';
import { timestamp } from './base';
import { sourceStatus } from './model';

/** One provider in one capability, over all the models that name it. */
export const sourceDetail = sourceStatus
  .extend({
    /** Whether a module of the backend brings it; an entity may name one that none does. */
    installed: z.boolean(),
    /** Host and port as config names them; null on this machine. */
    host: z.string().nullable(),
    models: z.int(),
    /** Of the models: how many are to be read now, and how many failed when they were read last. */
    due: z.int(),
    failing: z.int(),
    nextDueAt: timestamp.nullable(),
    /** What is left of the outside system's allowance; null where it has none or it is not known. */
    budget: z
      .object({
        limit: z.int(),
        remaining: z.int(),
        resetsAt: timestamp,
      })
      .nullable(),
    testable: z.boolean(),
    /** Whether it can say what models could be made of. */
    offersCandidates: z.boolean(),
  })
  .meta({ id: 'SourceDetail' });
export type SourceDetail = z.infer<typeof sourceDetail>;

/** How asking an outside system once went. */
export const sourceTest = z
  .object({
    ok: z.boolean(),
    /** What it found, or what to do about it. */
    message: z.string(),
    /** The kind of the error. */
    kind: z.string().nullable(),
    tookMs: z.number(),
  })
  .meta({ id: 'SourceTest' });
export type SourceTest = z.infer<typeof sourceTest>;
