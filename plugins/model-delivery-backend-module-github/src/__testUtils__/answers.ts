import { createHash } from 'node:crypto';
import { openapi } from './openapi';
import type {
  ArtifactState,
  CommitState,
  DeploymentState,
  JobState,
  RepositoryState,
  RunState,
} from './standInState';

/** The stand-in's answers: the examples of GitHub's description, with the state filled in. */

const example = (name: string) => openapi().example(name);
const of = (repo: RepositoryState) => `${repo.owner}/${repo.name}`;

export function runAnswer(
  repo: RepositoryState,
  run: RunState,
  attempt: number,
  host: string,
) {
  const state = run.attempts[attempt - 1];
  return {
    ...example('workflow-run'),
    id: run.id,
    name: run.workflow.replace(/\.ya?ml$/, ''),
    path: `.github/workflows/${run.workflow}`,
    display_title: run.title,
    run_number: run.number,
    run_attempt: attempt,
    event: run.event,
    status: state.status,
    conclusion: state.conclusion,
    head_branch: run.branch,
    head_sha: createHash('sha1').update(String(run.id)).digest('hex'),
    created_at: run.createdAt,
    run_started_at: state.startedAt,
    updated_at: state.updatedAt,
    html_url: `https://${host}/${of(repo)}/actions/runs/${run.id}`,
  };
}

export function jobAnswer(
  repo: RepositoryState,
  run: RunState,
  attempt: number,
  job: JobState,
  host: string,
) {
  return {
    ...example('job'),
    id: job.id,
    run_id: run.id,
    run_attempt: attempt,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    created_at: run.createdAt,
    started_at: job.startedAt,
    completed_at: job.completedAt,
    html_url: `https://${host}/${of(repo)}/actions/runs/${run.id}/job/${job.id}`,
    steps: job.steps.map((step, index) => ({
      name: step.name,
      status: step.conclusion ? 'completed' : 'in_progress',
      conclusion: step.conclusion,
      number: index + 1,
      started_at: job.startedAt,
      completed_at: job.completedAt,
    })),
  };
}

export function artifactAnswer(artifact: ArtifactState) {
  return {
    ...example('artifact'),
    id: artifact.id,
    name: artifact.name,
    size_in_bytes: artifact.zip.length,
    expired: artifact.expired,
    created_at: artifact.createdAt,
  };
}

export function pendingAnswer(run: RunState) {
  const [pending] = example('pending-deployment-items');
  const [user, team] = pending.reviewers;
  return run.pending.map(({ environment, users, teams, waitMinutes }) => ({
    ...pending,
    environment: { ...pending.environment, name: environment },
    wait_timer: waitMinutes ?? 0,
    wait_timer_started_at: null,
    reviewers: [
      ...users.map(login => ({
        ...user,
        reviewer: { ...user.reviewer, login },
      })),
      // The example of a team lacks what the description wants of one.
      ...teams.map(slug => ({
        ...team,
        reviewer: {
          type: 'organization',
          organization_id: 1,
          ...team.reviewer,
          slug,
        },
      })),
    ],
  }));
}

export function deploymentAnswer(deployment: DeploymentState) {
  return {
    ...example('deployment'),
    id: deployment.id,
    ref: deployment.ref,
    task: deployment.task,
    environment: deployment.environment,
    payload: deployment.payload,
    created_at: deployment.createdAt,
  };
}

export function statusAnswer(status: DeploymentState['statuses'][number]) {
  const { log_url, environment_url, ...rest } = example('deployment-status');
  return {
    ...rest,
    id: status.id,
    state: status.state,
    description: status.description,
    ...(status.logUrl && { log_url: status.logUrl }),
    ...(status.environmentUrl && { environment_url: status.environmentUrl }),
    created_at: status.createdAt,
  };
}

/** As asked for alone, or as it stands in one of the lists. */
export function repositoryAnswer(
  repo: RepositoryState,
  host: string,
  list?: 'user' | 'installation' | 'search',
) {
  const base = {
    user: () => example('repository-items-default-response')[0],
    installation: () => example('repository-paginated-2').repositories[0],
    search: () => example('repo-search-result-item-paginated').items[0],
    alone: () => example('full-repository-default-response'),
  }[list ?? 'alone']();
  // The example is a fork of examples that are not whole.
  const { source, parent, template_repository, ...rest } = base;
  return {
    language: null,
    ...rest,
    name: repo.name,
    full_name: of(repo),
    owner: { ...rest.owner, login: repo.owner },
    html_url: `https://${host}/${of(repo)}`,
    default_branch: repo.defaultBranch,
    archived: false,
  };
}

export function fileAnswer(path: string, content: string) {
  return {
    ...example('content-file-response-if-content-is-a-file'),
    path,
    name: path.split('/').at(-1),
    sha: createHash('sha1').update(content).digest('hex'),
    size: Buffer.byteLength(content),
    encoding: 'base64',
    // GitHub breaks it into lines.
    content: Buffer.from(content)
      .toString('base64')
      .replace(/(.{60})/g, '$1\n'),
  };
}

export function refAnswer(ref: string, sha: string) {
  const answer = example('git-ref');
  return { ...answer, ref, object: { ...answer.object, sha } };
}

export function pullAnswer(
  repo: RepositoryState,
  pull: RepositoryState['pulls'][number],
  host: string,
  kind: 'pull-request' | 'pull-request-simple',
) {
  return {
    ...example(kind),
    // The examples of a team lack what the description wants of one.
    requested_teams: [],
    number: pull.number,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    html_url: `https://${host}/${of(repo)}/pull/${pull.number}`,
  };
}

export function commitAnswer({ name, email, parents, bot }: CommitState) {
  const [known] = example('commit-comparison').commits;
  return {
    ...known,
    commit: {
      ...known.commit,
      author: { ...known.commit.author, name, email },
    },
    author: { ...known.author, type: bot ? 'Bot' : 'User' },
    parents: Array.from({ length: parents ?? 1 }, () => known.parents[0]),
  };
}

export function comparisonAnswer(commits: CommitState[], total: number) {
  return {
    ...example('commit-comparison'),
    total_commits: total,
    commits: commits.map(commitAnswer),
    files: [],
  };
}
