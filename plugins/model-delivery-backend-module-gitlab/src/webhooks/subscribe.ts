import type { EventsService } from '@backstage/plugin-events-node';
import type { Hint } from '@slipway/plugin-model-delivery-node/webhooks';
import { LRUCache } from 'lru-cache';
import { subjectOf } from '../targets';
import { readWebhook, WEBHOOKS } from './readWebhook';

const REMEMBERED_DELIVERIES = 10_000;
/** GitLab repeats it where it sends a webhook again. */
const DELIVERY = 'idempotency-key';

/** An instance that follows one host. */
export interface WebhookListener {
  /** Host and port of the pages for people, as webhooks name it. */
  host: string;
  /** As the configuration names the host. */
  subjectHost: string;
  hear(hint: Hint): void;
}

/**
 * Hears of GitLab's webhooks from Backstage's events backend, which has checked their secret token. They
 * only say where to look: one that is lost, doubled or late changes nothing that is known.
 */
export async function subscribeToWebhooks(
  events: EventsService,
  listeners: WebhookListener[],
): Promise<void> {
  const seen = new LRUCache<string, true>({ max: REMEMBERED_DELIVERIES });
  await events.subscribe({
    id: 'model-delivery-gitlab',
    topics: WEBHOOKS.map(event => `gitlab.${event}`),
    async onEvent({ topic, eventPayload, metadata }) {
      const delivery = [metadata?.[DELIVERY]].flat()[0];
      if (delivery && seen.has(delivery)) return;
      if (delivery) seen.set(delivery, true);
      const event = WEBHOOKS.find(name => topic === `gitlab.${name}`);
      const read = event && readWebhook(event, eventPayload);
      if (!read) return;
      for (const listener of listeners) {
        if (listener.host !== read.host) continue;
        listener.hear({
          ...read.hint,
          subject: subjectOf(listener.subjectHost, read.project),
        });
      }
    },
  });
}
