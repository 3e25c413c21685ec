import type { Hint } from '@slipway/plugin-model-delivery-node/webhooks';
import { z } from 'zod';

/** The kinds of GitLab's hooks that are followed, as their payloads name them: `build` is one of a job. */
export const WEBHOOKS = ['pipeline', 'build', 'deployment'] as const;
export type Webhook = (typeof WEBHOOKS)[number];

const word = z.string().max(40).optional().catch(undefined);
const payload = z.object({
  project: z.object({
    web_url: z.url().max(500),
    path_with_namespace: z.string().regex(/^[^/\s]+(\/[^/\s]+){1,20}$/),
  }),
  object_attributes: z.object({ status: word }).optional().catch(undefined),
  build_status: word,
  status: word,
});

/** What is passed on at once: something began, ended, or waits for a person. */
const URGENT: Record<Webhook, string[]> = {
  pipeline: ['pending', 'success', 'failed', 'canceled', 'manual'],
  build: ['manual'],
  deployment: ['success', 'failed', 'canceled', 'blocked'],
};

export interface ReadWebhook {
  /** Of the project's address for people. */
  host: string;
  /** The path of the project with those of its groups. */
  project: string;
  hint: Pick<Hint, 'what' | 'urgent'>;
}

/** What a webhook hints at and where from; null for what is no webhook of a project. */
export function readWebhook(event: Webhook, body: unknown): ReadWebhook | null {
  const parsed = payload.safeParse(body);
  if (!parsed.success) return null;
  const { project, object_attributes: attributes, ...rest } = parsed.data;
  const statuses: Record<Webhook, string | undefined> = {
    pipeline: attributes?.status,
    build: rest.build_status,
    deployment: rest.status,
  };
  return {
    host: new URL(project.web_url).host,
    project: project.path_with_namespace,
    hint: {
      what: event === 'deployment' ? 'deployments' : 'runs',
      urgent: URGENT[event].includes(statuses[event] ?? ''),
    },
  };
}
