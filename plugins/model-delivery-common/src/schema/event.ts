import { z } from 'zod';
import { timestamp } from './base';
import { deployment } from './deployment';
import { incident } from './incident';
import { monitorEvent } from './monitor';

/** Something that happened to a model. */
export const modelEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('deployment'),
      /** When it went live, else when it ended, else when it was requested. */
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
    z.object({
      type: z.literal('incident'),
      at: timestamp,
      id: z.string(),
      incident,
    }),
  ])
  .meta({ id: 'ModelEvent' });
export type ModelEvent = z.infer<typeof modelEvent>;
