import type { EventsService } from '@backstage/plugin-events-node';
import { LRUCache } from 'lru-cache';
import type { Hint } from '@slipway/plugin-model-delivery-node/webhooks';
import { readWebhook, WEBHOOKS } from './readWebhook';

const REMEMBERED_DELIVERIES = 10_000;

/** Somebody who follows one host. */
export interface WebhookListener {
  host: string;
  hear(hint: Hint): void;
}

/**
 * Hears of GitHub's webhooks from Backstage's events backend, which has checked their signatures.
 * They only say where to look: one that is lost, doubled or late changes nothing that is known.
 */
export async function subscribeToWebhooks(
  events: EventsService,
  listeners: WebhookListener[],
): Promise<void> {
  const seen = new LRUCache<string, true>({ max: REMEMBERED_DELIVERIES });
  await events.subscribe({
    id: 'model-delivery-github',
    topics: WEBHOOKS.map(event => `github.${event}`),
    async onEvent({ topic, eventPayload, metadata }) {
      const delivery = [metadata?.['x-github-delivery']].flat()[0];
      if (delivery && seen.has(delivery)) return;
      if (delivery) seen.set(delivery, true);
      const event = WEBHOOKS.find(name => topic === `github.${name}`);
      const read = event && readWebhook(event, eventPayload);
      if (!read) return;
      listeners
        .filter(({ host }) => host === read.host)
        .forEach(listener => listener.hear(read.hint));
    },
  });
}
