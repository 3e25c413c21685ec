import { z } from 'zod';
import { subjectOf } from '../targets';
import type { Hint } from '@slipway/plugin-model-delivery-node/webhooks';

export const WEBHOOKS = [
  'workflow_run',
  'workflow_job',
  'deployment_status',
  'push',
  'release',
] as const;
export type Webhook = (typeof WEBHOOKS)[number];

const payload = z.object({
  action: z.string().max(60).optional(),
  deployment_status: z.object({ state: z.string().max(40) }).optional(),
  repository: z.object({
    html_url: z.url().max(500),
    full_name: z.string().regex(/^[^/\s]{1,100}\/[^/\s]{1,100}$/),
  }),
});

const URGENT: Record<Webhook, string[]> = {
  workflow_run: ['requested', 'completed'],
  workflow_job: ['waiting'],
  deployment_status: ['success', 'failure', 'error', 'waiting'],
  push: [],
  release: [],
};

/** What a webhook hints at and where from; null for what is no webhook of a repository. */
export function readWebhook(
  event: Webhook,
  body: unknown,
): { host: string; hint: Hint } | null {
  const parsed = payload.safeParse(body);
  if (!parsed.success) return null;
  const { action, deployment_status: status, repository } = parsed.data;
  const { host } = new URL(repository.html_url);
  const [owner, repo] = repository.full_name.split('/');
  const word = event === 'deployment_status' ? status?.state : action;
  return {
    host,
    hint: {
      subject: subjectOf(host, { owner, repo }),
      what: event === 'deployment_status' ? 'deployments' : 'runs',
      urgent: URGENT[event].includes(word ?? ''),
    },
  };
}
