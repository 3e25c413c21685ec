import type { EventsService } from '@backstage/plugin-events-node';
import type { RunQuestionsExtensionPoint } from '@slipway/plugin-model-delivery-node';
import {
  type ProtectedHost,
  readQuestion,
  readReviews,
} from './readProtection';

const QUESTIONS = 'github.deployment_protection_rule';
const REVIEWS = 'github.deployment_review';

/**
 * Passes on what GitHub asks about deployments, from Backstage's events backend, which has checked the
 * signatures. A delivery that comes twice has one effect, since questions are stored once.
 */
export async function subscribeToProtection(
  events: EventsService,
  hosts: ProtectedHost[],
  questions: RunQuestionsExtensionPoint,
): Promise<void> {
  await events.subscribe({
    id: 'model-delivery-github-protection',
    topics: [QUESTIONS, REVIEWS],
    async onEvent({ topic, eventPayload }) {
      if (topic === QUESTIONS) {
        const question = readQuestion(hosts, eventPayload);
        if (question) await questions.ask(question);
        return;
      }
      for (const review of readReviews(hosts, eventPayload)) {
        await questions.reviewed(review);
      }
    },
  });
}
