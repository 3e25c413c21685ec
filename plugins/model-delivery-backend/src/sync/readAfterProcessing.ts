import type { EventsService } from '@backstage/plugin-events-node';
import { z } from 'zod';

/** The processor runs before the catalog has stitched the entity, so it is read again later. */
const READ_AFTER_MS = [1000, 3000];

const payload = z.object({ entityRef: z.string().max(255) });

/** Reads a model again soon after the catalog processed it. */
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
      if (!parsed.success) return;
      for (const delay of READ_AFTER_MS) {
        // A read that fails is made up for by the next sweep.
        setTimeout(
          () => read(parsed.data.entityRef).catch(() => undefined),
          delay,
        ).unref();
      }
    },
  });
}
