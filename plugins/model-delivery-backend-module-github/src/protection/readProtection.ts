import type {
  OutsideReview,
  RunQuestion,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import { type Repository, subjectOf, targetKeyOf } from '../targets';

/** A host whose questions are answered. */
export interface ProtectedHost {
  /** As entities name the provider. */
  id: string;
  host: string;
  apiBaseUrl: string;
}

const MAX_REVIEWED = 10;
const environment = z
  .string()
  .max(255)
  .regex(/^[^\p{Cc}]+$/u);
const repository = z.object({
  html_url: z.url().max(500),
  full_name: z.string().regex(/^[A-Za-z0-9-]{1,39}\/[\w.-]{1,100}$/),
});

const question = z.object({
  action: z.literal('requested'),
  environment,
  deployment_callback_url: z.url().max(1_000),
  deployment: z.object({ id: z.int().positive() }).nullish().catch(null),
  repository,
});

const job = z.object({ environment });
const review = z.object({
  action: z.enum(['approved', 'rejected']),
  approver: z.object({ login: z.string().regex(/^[\w.[\]-]{1,100}$/) }),
  comment: z
    .string()
    .nullish()
    .transform(text => (text ?? '').slice(0, 1_000)),
  workflow_run: z.object({ id: z.int().positive() }),
  workflow_job_run: job.nullish().catch(null),
  workflow_job_runs: z.array(job).max(100).catch([]),
  repository,
});

/**
 * The question of a `deployment_protection_rule` webhook. Its callback address is read and never
 * called: it has to name the API of a configured host and the repository of the payload.
 *
 * @returns null for what is no such question.
 */
export function readQuestion(
  hosts: ProtectedHost[],
  body: unknown,
): RunQuestion | null {
  const parsed = question.safeParse(body);
  if (!parsed.success) return null;
  const { data } = parsed;
  const of = hostOf(hosts, data.repository);
  const runId = of && runOfCallback(of.host, of.repository, data);
  if (!of || !runId) return null;
  return {
    provider: of.host.id,
    subject: subjectOf(of.host.host, of.repository),
    targetKey: targetKeyOf(of.host.host, of.repository, data.environment),
    runId,
    // Each attempt of a job has a deployment of its own.
    id: String(data.deployment?.id ?? ''),
  };
}

/** The reviews of a `deployment_review` webhook, one for each environment; empty for anything else. */
export function readReviews(
  hosts: ProtectedHost[],
  body: unknown,
): OutsideReview[] {
  const parsed = review.safeParse(body);
  if (!parsed.success) return [];
  const { data } = parsed;
  const of = hostOf(hosts, data.repository);
  if (!of) return [];
  const jobs = [data.workflow_job_run, ...data.workflow_job_runs];
  const environments = new Set(jobs.flatMap(one => one?.environment ?? []));
  return [...environments].slice(0, MAX_REVIEWED).map(name => ({
    provider: of.host.id,
    subject: subjectOf(of.host.host, of.repository),
    targetKey: targetKeyOf(of.host.host, of.repository, name),
    runId: String(data.workflow_run.id),
    by: data.approver.login,
    decision: data.action,
    comment: data.comment,
  }));
}

function hostOf(
  hosts: ProtectedHost[],
  { html_url: url, full_name: name }: z.output<typeof repository>,
): { host: ProtectedHost; repository: Repository } | undefined {
  const host = hosts.find(one => one.host === new URL(url).host);
  const [owner, repo] = name.split('/');
  return host && { host, repository: { owner, repo } };
}

function runOfCallback(
  { apiBaseUrl }: ProtectedHost,
  { owner, repo }: Repository,
  { deployment_callback_url: callback }: z.output<typeof question>,
): string | null {
  const base = `${apiBaseUrl.replace(/\/$/, '')}/repos/${owner}/${repo}/actions/runs/`;
  if (!callback.toLowerCase().startsWith(base.toLowerCase())) return null;
  const rest = callback.slice(base.length);
  return (
    /^([1-9]\d{0,15})\/deployment_protection_rule$/.exec(rest)?.[1] ?? null
  );
}
