import type {
  Job,
  RunKind,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderRun } from '@slipway/plugin-model-delivery-node';
import type { GitlabJob, GitlabPipeline } from '../answers/pipelines';
import { type Verdict, verdictOf } from './statuses';

const KINDS: [RegExp, RunKind][] = [
  [/train/i, 'training'],
  [/deploy|rollout|roll-out|release|promote/i, 'deployment'],
  [/terraform|infra|provision|pulumi/i, 'infrastructure'],
];
const TRIGGERS: Record<string, string> = {
  api: 'manual',
  web: 'manual',
  trigger: 'manual',
  merge_request_event: 'pull-request',
};
const MOST_NAMES = 5;
const ENDED = ['passed', 'failed', 'cancelled', 'skipped', 'interrupted'];

/** By the jobs, of which one pipeline has many; a merge request registers nothing, so it is CI. */
function kindOf({ source }: GitlabPipeline, jobs: GitlabJob[]): RunKind {
  const kind =
    KINDS.find(([words]) => jobs.some(({ name }) => words.test(name)))?.[1] ??
    'ci';
  return kind === 'training' && source === 'merge_request_event' ? 'ci' : kind;
}

/** The newest of each name: GitLab lists the jobs that were retried beside those that replaced them. */
export function newestOf(jobs: GitlabJob[]): GitlabJob[] {
  const byName = new Map<string, GitlabJob>();
  for (const job of jobs) {
    const known = byName.get(job.name);
    if (!known || known.id < job.id) byName.set(job.name, job);
  }
  return [...byName.values()];
}

/** One pipeline in our words; a job that was retried counts once, and is an attempt more. */
export function tellRun(
  pipeline: GitlabPipeline,
  jobs: GitlabJob[],
): ProviderRun {
  const { status, reason } = runVerdict(pipeline, newestOf(jobs));
  const newest = newestOf(jobs).filter(job => !isOptional(job));
  const names = jobs.map(({ name }) => name);
  const attempts = names.map(name => names.filter(n => n === name).length);
  const commit = jobs[0]?.commit ?? null;
  return {
    id: String(pipeline.id),
    number: pipeline.iid,
    attempt: Math.max(1, ...attempts),
    kind: kindOf(pipeline, jobs),
    status,
    reason,
    branch: pipeline.ref,
    commit: pipeline.sha,
    commitMessage: commit?.title ?? null,
    author: commit?.author_name ?? pipeline.user?.name ?? null,
    trigger: TRIGGERS[pipeline.source] ?? pipeline.source.replaceAll('_', '-'),
    createdAt: pipeline.created_at,
    startedAt: status === 'queued' ? null : pipeline.started_at,
    finishedAt: ENDED.includes(status) ? pipeline.finished_at : null,
    jobsDone: newest.filter(job => ENDED.includes(jobVerdict(job).status))
      .length,
    jobsTotal: newest.length,
    version: null,
    url: pipeline.web_url,
  };
}

function runVerdict(
  pipeline: GitlabPipeline,
  jobs: GitlabJob[],
): Verdict<ProviderRun['status']> {
  const { status, reason } = verdictOf(
    pipeline.status,
    pipeline.finished_at !== null,
  );
  if (status === 'skipped') {
    return {
      status: 'cancelled',
      reason: 'All of its jobs were skipped, so nothing ran.',
    };
  }
  if (pipeline.yaml_errors) {
    return {
      status,
      reason: `The configuration is invalid: ${pipeline.yaml_errors}`,
    };
  }
  const failed = jobs.filter(
    job => job.status === 'failed' && !job.allow_failure,
  );
  if (status === 'failed' && failed.length > 0) {
    return { status, reason: `${namesOf(failed)} failed.` };
  }
  const waits = jobs.filter(job => job.status === 'manual' && !isOptional(job));
  if (status === 'waiting' && waits.length > 0) {
    return {
      status,
      reason: `${namesOf(waits)} waits to be started on GitLab.`,
    };
  }
  return { status, reason };
}

/** The first few: a matrix can have hundreds. */
function namesOf(jobs: GitlabJob[]): string {
  const names = jobs.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = jobs.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A job that is started by hand and holds nothing up. */
function isOptional({ status, allow_failure: optional }: GitlabJob): boolean {
  return status === 'manual' && optional;
}

function jobVerdict(job: GitlabJob): Verdict<Job['status']> {
  if (isOptional(job)) {
    return {
      status: 'skipped',
      reason: 'It was not started; it can be, on GitLab.',
    };
  }
  const said = verdictOf(job.status, job.finished_at !== null);
  if (said.status !== 'failed' || !job.failure_reason) return said;
  return {
    status:
      job.failure_reason === 'runner_system_failure' ? 'interrupted' : 'failed',
    reason: `GitLab reports: ${job.failure_reason.replaceAll('_', ' ')}.`,
  };
}

/** The jobs in the order in which they were made, which is that of their stages. */
export function tellJobs(jobs: GitlabJob[]): Job[] {
  const newest = new Set(newestOf(jobs));
  return [...jobs].sort((a, b) => a.id - b.id).map(job => tellJob(job, newest));
}

function tellJob(job: GitlabJob, newest: Set<GitlabJob>): Job {
  const { status, reason } = jobVerdict(job);
  return {
    id: String(job.id),
    name: job.name,
    group: /^(.{1,200}?)(: \[.+\]| \d+\/\d+)$/.exec(job.name)?.[1] ?? null,
    status,
    reason: newest.has(job) ? reason : `It was retried. ${reason ?? ''}`.trim(),
    // GitLab tells no edges of the graph.
    needs: [],
    startedAt: job.started_at,
    finishedAt: ENDED.includes(status) ? job.finished_at : null,
    steps: [],
    url: job.web_url,
  };
}
