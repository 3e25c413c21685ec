import type { RunKind } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderRun } from '@slipway/plugin-model-delivery-node';
import type { GithubJob, GithubRun } from '../answers/runs';
import { runIdOf } from './runIds';
import { jobVerdict, runVerdict, type Verdict } from './statuses';
import type { Waiting } from './waiting';

const KINDS: [RegExp, RunKind][] = [
  [/deploy|rollout|roll-out|release|promote/i, 'deployment'],
  [/terraform|infra|provision|pulumi/i, 'infrastructure'],
  [/train|model/i, 'training'],
];
const FOR_REVIEW = ['pull_request', 'pull_request_target', 'merge_group'];

const TRIGGERS: Record<string, string> = {
  workflow_dispatch: 'manual',
  pull_request: 'pull-request',
  pull_request_target: 'pull-request',
  schedule: 'schedule',
  push: 'push',
};

/** By the workflow's file and name; what runs for a review registers nothing, so it is CI. */
export function kindOf({
  path,
  name,
  event,
}: Pick<GithubRun, 'path' | 'name' | 'event'>): RunKind {
  const file = path.split('@')[0].split('/').at(-1) ?? '';
  const kind =
    KINDS.find(([words]) => words.test(file))?.[1] ??
    KINDS.find(([words]) => words.test(name ?? ''))?.[1] ??
    'ci';
  return kind === 'training' && FOR_REVIEW.includes(event) ? 'ci' : kind;
}

export interface JobCounts {
  done: number;
  total: number;
}

export function countJobs(jobs: GithubJob[]): JobCounts {
  return {
    done: jobs.filter(job => job.status === 'completed').length,
    total: jobs.length,
  };
}

/** What is read of an attempt besides its own fields. */
export interface Observed {
  counts: JobCounts;
  /** Null where it does not wait. */
  waiting: Waiting | null;
}

/** One attempt in our words. */
export function tellRun(
  run: GithubRun,
  { counts, waiting }: Observed,
): ProviderRun {
  const said = runVerdict(run.status, run.conclusion);
  const { status, reason } = followJobs(said, counts);
  return {
    id: runIdOf({ id: run.id, attempt: run.run_attempt }),
    number: run.run_number,
    attempt: run.run_attempt,
    kind: kindOf(run),
    status,
    reason: waiting?.sentence ?? reason,
    branch: run.head_branch,
    commit: run.head_sha,
    commitMessage: run.head_commit?.message.split('\n')[0] ?? null,
    author: run.head_commit?.author?.name ?? run.actor?.login ?? null,
    trigger:
      run.run_attempt > 1
        ? 'rerun'
        : (TRIGGERS[run.event] ?? run.event.replaceAll('_', '-')),
    createdAt: run.created_at,
    startedAt: status === 'queued' ? null : run.run_started_at,
    finishedAt:
      run.status === 'completed' && status !== 'running'
        ? run.updated_at
        : null,
    jobsDone: counts.done,
    jobsTotal: counts.total,
    version: null,
    url:
      run.run_attempt > 1
        ? `${run.html_url}/attempts/${run.run_attempt}`
        : run.html_url,
  };
}

/** A run may read completed while jobs of it that always run are still queued. */
function followJobs(
  said: Verdict<ProviderRun['status']>,
  { done, total }: JobCounts,
): Verdict<ProviderRun['status']> {
  const ended = ['passed', 'failed', 'cancelled'].includes(said.status);
  return ended && done < total
    ? { status: 'running', reason: `${total - done} of ${total} jobs go on.` }
    : said;
}

/** The group of a matrix's job, such as `train` of `train (logistic, 7)`. */
function groupOf(name: string): string | null {
  return /^(.{1,200}?) \(.+\)$/.exec(name)?.[1] ?? null;
}

export function tellJob(job: GithubJob) {
  const { status, reason } = jobVerdict(job.status, job.conclusion);
  const failed = job.steps.find(step => step.conclusion === 'failure');
  return {
    id: String(job.id),
    name: job.name,
    group: groupOf(job.name),
    status,
    reason:
      reason ??
      (status === 'failed' && failed
        ? `The step “${failed.name}” failed.`
        : null),
    // GitHub tells no edges of the graph.
    needs: [],
    startedAt: ['queued', 'waiting', 'skipped'].includes(status)
      ? null
      : job.started_at,
    finishedAt: job.status === 'completed' ? job.completed_at : null,
    steps: job.steps.map(step => ({
      name: step.name,
      status: jobVerdict(step.status, step.conclusion).status,
      startedAt: step.started_at,
      finishedAt: step.completed_at,
    })),
    url: job.html_url,
  };
}
