/** What the stand-in remembers, by GitLab's words. */

export interface JobState {
  id: number;
  name: string;
  stage: string;
  status: string;
  failure_reason?: string;
  allow_failure: boolean;
  log: string;
  archive: { filename: string; zip: Buffer } | null;
  /** Whether the job gave a JUnit report to GitLab itself. */
  junit: boolean;
  expiresAt: string | null;
  /** Another job took its place. */
  retried: boolean;
}

export interface PipelineState {
  id: number;
  ref: string;
  status: string;
  source: string;
  name: string | null;
  createdAt: string;
  finishedAt: string | null;
  variables: { key: string; value: string }[];
  jobs: JobState[];
  /** GitLab's counts of JUnit reports. */
  suites: object[];
  /** How often it is read until its jobs end; null where they do not end by themselves. */
  looksLeft: number | null;
}

export interface DeploymentState {
  id: number;
  environment: string;
  status: string;
  ref: string;
  updatedAt: string;
  /** Null where a system outside GitLab CI/CD recorded it. */
  by: { pipeline: PipelineState; job: JobState } | null;
  approvals: object;
}

export interface CommitState {
  name: string;
  email: string;
  parents?: number;
}

export interface MergeRequestState {
  iid: number;
  state: 'opened' | 'closed';
  source: string;
  target: string;
  title: string;
  description: string;
}

export interface ProjectState {
  /** The files of each branch, by path. */
  branches: Map<string, Map<string, string>>;
  mergeRequests: MergeRequestState[];
  /** Those of the one range that the project has; null where it lacks a commit of it. */
  commits: CommitState[] | null;
  pipelines: PipelineState[];
  deployments: DeploymentState[];
  /** Their states, by name. */
  environments: Map<string, string>;
}

export const ENDED = ['success', 'failed', 'canceled', 'skipped'];
/** GitLab cancels no job that waits for a person. */
const CANCELABLE = ['created', 'pending', 'running', 'scheduled'];

export function endPipeline(
  project: ProjectState,
  pipeline: PipelineState,
  status: string,
): void {
  const at = new Date().toISOString();
  pipeline.status = status;
  pipeline.finishedAt = at;
  pipeline.looksLeft = null;
  for (const job of pipeline.jobs) {
    if (!ENDED.includes(job.status)) job.status = status;
  }
  for (const one of project.deployments) {
    if (one.by?.pipeline !== pipeline || ENDED.includes(one.status)) continue;
    Object.assign(one, { status, updatedAt: at });
  }
}

/** Ends the jobs that GitLab cancels; the others keep the pipeline open. */
export function cancelPipeline(
  project: ProjectState,
  pipeline: PipelineState,
): void {
  if (ENDED.includes(pipeline.status)) return;
  if (pipeline.jobs.every(({ status }) => status !== 'manual')) {
    endPipeline(project, pipeline, 'canceled');
    return;
  }
  pipeline.status = 'manual';
  for (const job of pipeline.jobs) {
    if (CANCELABLE.includes(job.status)) job.status = 'canceled';
  }
}
