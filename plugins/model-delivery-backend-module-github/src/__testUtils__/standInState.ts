/** What the stand-in for GitHub remembers; plain data, which tests put into the state they need. */

export interface StepState {
  name: string;
  conclusion: string | null;
}

export interface JobState {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  steps: StepState[];
  log: string;
}

export interface AttemptState {
  status: string;
  conclusion: string | null;
  startedAt: string;
  updatedAt: string;
  jobs: JobState[];
}

export interface ArtifactState {
  id: number;
  name: string;
  expired: boolean;
  createdAt: string;
  zip: Buffer;
}

export interface RunState {
  id: number;
  number: number;
  /** The file of the workflow. */
  workflow: string;
  event: string;
  branch: string;
  title: string;
  createdAt: string;
  inputs: Record<string, string>;
  attempts: AttemptState[];
  artifacts: ArtifactState[];
  pending: {
    environment: string;
    users: string[];
    teams: string[];
    waitMinutes?: number;
  }[];
  /** By environment, the rule's answers and reports in order; a rule waits until it is decided. */
  protections: Map<string, { state: string | null; comment: string }[]>;
  /** Ends as soon as it was looked at so many times; null goes on for ever. */
  looksLeft: number | null;
}

export interface DeploymentState {
  id: number;
  ref: string;
  task: string;
  environment: string;
  payload: unknown;
  createdAt: string;
  statuses: {
    id: number;
    state: string;
    description: string;
    logUrl: string;
    environmentUrl: string;
    createdAt: string;
  }[];
}

export interface CommitState {
  name: string;
  email: string;
  parents?: number;
  bot?: boolean;
}

export interface RepositoryState {
  owner: string;
  name: string;
  defaultBranch: string;
  /** By branch: the sha of its tip and its files. */
  branches: Map<string, { sha: string; files: Map<string, string> }>;
  /** Between any two, the oldest first. */
  commits: CommitState[];
  /** The newest last. */
  runs: RunState[];
  deployments: DeploymentState[];
  pulls: {
    number: number;
    head: string;
    base: string;
    title: string;
    body: string;
    state: string;
  }[];
}

/** What a job that ran through looks like. */
export function endedJob(
  id: number,
  name: string,
  parts: Partial<JobState> = {},
): JobState {
  return {
    id,
    name,
    status: 'completed',
    conclusion: 'success',
    startedAt: '2026-03-01T10:00:05Z',
    completedAt: '2026-03-01T10:01:00Z',
    steps: [{ name: 'Run make', conclusion: 'success' }],
    log: '',
    ...parts,
  };
}
