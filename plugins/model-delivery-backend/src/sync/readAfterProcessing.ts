import type { EventsService } from '@backstage/plugin-events-node';
import { z } from 'zod';
import { readSoon } from './readSoon';

const payload = z.object({ entityRef: z.string().max(255) });

/** Reads a model again soon after the catalog processed a change of it. */
export async function readAfterProcessing(
  events: EventsService,
  topic: string,
  read: (entityRef: string) => Promise<unknown>,
): Promise<void> {
  await events.subscribe({
    id: 'model-delivery-entity-processed',
    topics: [topic],
    async onEvent(event) {
      const parsed = payload.safeParse(event.eventPayload);
      if (parsed.success) readSoon(parsed.data.entityRef, read);
    },
  });
}
