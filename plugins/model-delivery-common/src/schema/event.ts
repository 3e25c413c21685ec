import { z } from 'zod';
import { timestamp } from './base';
import { deployment } from './deployment';
import { monitorEvent } from './monitor';

/** Something that happened to a model. */
export const modelEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('deployment'),
      at: timestamp,
      id: z.string(),
      deployment,
    }),
    z.object({
      type: z.literal('monitor'),
      at: timestamp,
      id: z.string(),
      event: monitorEvent,
    }),
  ])
  .meta({ id: 'ModelEvent' });
export type ModelEvent = z.infer<typeof modelEvent>;
