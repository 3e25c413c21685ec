import {
  artifactAnswer,
  commitAnswer,
  comparisonAnswer,
  deploymentAnswer,
  fileAnswer,
  jobAnswer,
  pendingAnswer,
  pullAnswer,
  refAnswer,
  repositoryAnswer,
  runAnswer,
  statusAnswer,
} from './answers';
import {
  type GithubStandIn,
  NOT_FOUND,
  sha,
  STAND_IN_HOST,
  STORAGE_HOST,
} from './GithubStandIn';
import { openapi } from './openapi';
import { endedJob, type RepositoryState, type RunState } from './standInState';

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Call {
  standIn: GithubStandIn;
  /** There for every route of a repository. */
  repo: RepositoryState;
  params: Record<string, string>;
  query: URLSearchParams;
  body: any;
}

interface Route {
  method: string;
  /** As GitHub's description names it. */
  template: string;
  pattern: RegExp;
  answer: (call: Call) => Answer;
}

const REPO = '/repos/{owner}/{repo}';
const RUN = `${REPO}/actions/runs/{run_id}`;
const DEPLOYMENT = `${REPO}/deployments/{deployment_id}`;

const ok = (body: unknown): Answer => ({ status: 200, body });
const refused = (status: number, message: string): Answer => ({
  status,
  body: {
    message,
    documentation_url: 'https://docs.github.com/rest',
    ...(status === 422 && { errors: [] }),
  },
});
const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

function paged<T>(items: T[], query: URLSearchParams): T[] {
  const size = Number(query.get('per_page') ?? 30);
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * size, page * size);
}

function withRun(
  act: (run: RunState, call: Call) => Answer,
): (call: Call) => Answer {
  return call => {
    const run = call.repo.runs.find(r => r.id === Number(call.params.run_id));
    return run ? act(run, call) : NOT_FOUND;
  };
}

/** Brings a run that ends by itself to its end. */
function look(run: RunState): void {
  const last = run.attempts.at(-1)!;
  if (run.looksLeft === null || last.status === 'completed') return;
  run.looksLeft -= 1;
  if (run.looksLeft <= 0) end(run, 'success');
}

function end(run: RunState, conclusion: string): void {
  const last = run.attempts.at(-1)!;
  Object.assign(last, { status: 'completed', conclusion, updatedAt: now() });
  for (const job of last.jobs) {
    Object.assign(job, {
      status: 'completed',
      conclusion: job.conclusion ?? conclusion,
      completedAt: now(),
    });
  }
}

function listRuns({ repo, params, query }: Call): Answer {
  const workflow = params.workflow_id;
  const before = query.get('created')?.replace(/^<=/, '');
  const event = query.get('event');
  const found = [...repo.runs]
    .reverse()
    .filter(run => !workflow || run.workflow === workflow)
    .filter(run => !before || run.createdAt <= before)
    .filter(run => !event || run.event === event);
  const known = found.length > 0 || !workflow || hasWorkflow(repo, workflow);
  if (!known) return NOT_FOUND;
  return ok({
    total_count: found.length,
    workflow_runs: paged(found, query).map(run =>
      runAnswer(repo, run, run.attempts.length, STAND_IN_HOST),
    ),
  });
}

function hasWorkflow(repo: RepositoryState, workflow: string): boolean {
  const files = repo.branches.get(repo.defaultBranch)!.files;
  return files.has(`.github/workflows/${workflow}`);
}

function dispatch({ standIn, repo, params, body }: Call): Answer {
  const branch = repo.branches.get(body.ref);
  if (!branch) return refused(422, `No ref found for: ${body.ref}`);
  const file = branch.files.get(`.github/workflows/${params.workflow_id}`);
  if (file === undefined) return NOT_FOUND;
  const unknown = Object.keys(body.inputs ?? {}).filter(
    name => !new RegExp(`^ {6}${name}:`, 'm').test(file),
  );
  if (unknown.length > 0) {
    return refused(
      422,
      `Unexpected inputs provided: ${JSON.stringify(unknown)}`,
    );
  }
  const shown = body.inputs?.slipway_key;
  const run = standIn.addRun(repo, {
    createdAt: now(),
    workflow: params.workflow_id,
    event: 'workflow_dispatch',
    branch: body.ref,
    title: shown && file.includes('run-name:') ? `Run ${shown}` : 'Run',
    inputs: body.inputs ?? {},
    attempts: [
      {
        status: 'in_progress',
        conclusion: null,
        startedAt: now(),
        updatedAt: now(),
        jobs: [
          endedJob(standIn.nextId(), 'work', {
            status: 'in_progress',
            conclusion: null,
            completedAt: null,
          }),
        ],
      },
    ],
    looksLeft: standIn.looksUntilEnd,
  });
  if (!standIn.tellsRuns || !body.return_run_details) return { status: 204 };
  const url = `https://${STAND_IN_HOST}/${repo.owner}/${repo.name}/actions/runs/${run.id}`;
  return ok({ workflow_run_id: run.id, run_url: url, html_url: url });
}

function addDeployment({ standIn, repo, body }: Call): Answer {
  const deployment = {
    id: standIn.nextId(),
    ref: body.ref,
    task: body.task ?? 'deploy',
    environment: body.environment ?? 'production',
    payload: body.payload ?? '',
    createdAt: now(),
    statuses: [],
  };
  if (!repo.branches.has(body.ref)) return refused(422, 'No ref found');
  repo.deployments.push(deployment);
  return { status: 201, body: deploymentAnswer(deployment) };
}

function listDeployments({ repo, query }: Call): Answer {
  const found = [...repo.deployments]
    .reverse()
    .filter(d => !query.get('task') || d.task === query.get('task'))
    .filter(
      d =>
        !query.get('environment') || d.environment === query.get('environment'),
    );
  return ok(paged(found, query).map(deploymentAnswer));
}

const deploymentOf = ({ repo, params }: Call) =>
  repo.deployments.find(d => d.id === Number(params.deployment_id));

function addStatus(call: Call): Answer {
  const { standIn, repo, body } = call;
  const deployment = deploymentOf(call);
  if (!deployment) return NOT_FOUND;
  if ((body.description ?? '').length > 140) {
    return refused(422, 'description is too long');
  }
  const make = (state: string, parts: typeof body = {}) => ({
    id: standIn.nextId(),
    state,
    description: parts.description ?? '',
    logUrl: parts.log_url ?? '',
    environmentUrl: parts.environment_url ?? '',
    createdAt: now(),
  });
  if (body.state === 'success' && body.auto_inactive !== false) {
    for (const other of repo.deployments) {
      const older =
        other !== deployment && other.environment === deployment.environment;
      if (older && other.statuses.at(-1)?.state === 'success') {
        other.statuses.push(make('inactive'));
      }
    }
  }
  const status = make(body.state, body);
  deployment.statuses.push(status);
  return { status: 201, body: statusAnswer(status) };
}

/** Ten reports a run; a rule that is decided takes nothing more. */
function answerProtection(run: RunState, { body }: Call): Answer {
  const { environment_name: environment, state = null, comment } = body;
  const said = run.protections.get(environment);
  const reports = said?.filter(one => one.state === null).length ?? 0;
  if (!said || said.some(one => one.state !== null)) {
    return refused(422, 'No pending deployment protection rule');
  }
  if ((comment ?? '').length > 1_024 || (state === null && reports >= 10)) {
    return refused(422, 'The comment is too long, or there are too many');
  }
  said.push({ state, comment });
  const last = run.attempts.at(-1)!;
  if (state === 'approved') Object.assign(last, { status: 'in_progress' });
  if (state === 'rejected') end(run, 'failure');
  return { status: 204 };
}

function readFile({ repo, params, query }: Call): Answer {
  const branch = repo.branches.get(query.get('ref') ?? repo.defaultBranch);
  const content = branch?.files.get(params.path);
  return content === undefined
    ? NOT_FOUND
    : ok(fileAnswer(params.path, content));
}

function writeFile({ repo, params, body }: Call): Answer {
  const { files } = repo.branches.get(body.branch)!;
  const before = files.get(params.path);
  if (before !== undefined && body.sha !== sha(before)) {
    return refused(409, `${params.path} does not match`);
  }
  files.set(params.path, Buffer.from(body.content, 'base64').toString('utf8'));
  return {
    status: before === undefined ? 201 : 200,
    body: openapi().example('file-commit-example-for-updating-a-file'),
  };
}

function setRef({ repo, params, body }: Call): Answer {
  const ref: string = body.ref ?? `refs/${params.ref}`;
  const from = [...repo.branches.values()].find(b => b.sha === body.sha)!;
  repo.branches.set(ref.replace('refs/heads/', ''), {
    sha: body.sha,
    files: new Map(from.files),
  });
  return { status: params.ref ? 200 : 201, body: refAnswer(ref, body.sha) };
}

function searchRepositories({ standIn, query }: Call): Answer {
  const [words, , owner] = (query.get('q') ?? '').split(' ');
  const items = [...standIn.repositories.values()]
    .filter(repo => `user:${repo.owner}` === owner && repo.name.includes(words))
    .map(repo => repositoryAnswer(repo, STAND_IN_HOST, 'search'));
  return ok({ total_count: items.length, incomplete_results: false, items });
}

const TABLE: [string, string, (call: Call) => Answer][] = [
  ['get', '/rate_limit', () => ok(openapi().example('rate-limit-overview'))],
  [
    'get',
    '/user/repos',
    ({ standIn, query }) =>
      ok(
        paged([...standIn.repositories.values()], query).map(repo =>
          repositoryAnswer(repo, STAND_IN_HOST, 'user'),
        ),
      ),
  ],
  [
    'get',
    '/installation/repositories',
    ({ standIn, query }) => {
      const all = [...standIn.repositories.values()];
      return ok({
        total_count: all.length,
        repositories: paged(all, query).map(repo =>
          repositoryAnswer(repo, STAND_IN_HOST, 'installation'),
        ),
      });
    },
  ],
  ['get', '/search/repositories', searchRepositories],
  ['get', REPO, ({ repo }) => ok(repositoryAnswer(repo, STAND_IN_HOST))],
  ['get', `${REPO}/actions/runs`, listRuns],
  ['get', `${REPO}/actions/workflows/{workflow_id}/runs`, listRuns],
  ['post', `${REPO}/actions/workflows/{workflow_id}/dispatches`, dispatch],
  [
    'get',
    RUN,
    withRun((run, { repo }) => {
      look(run);
      return ok(runAnswer(repo, run, run.attempts.length, STAND_IN_HOST));
    }),
  ],
  [
    'get',
    `${RUN}/attempts/{attempt_number}`,
    withRun((run, { repo, params }) => {
      const attempt = Number(params.attempt_number);
      return run.attempts[attempt - 1]
        ? ok(runAnswer(repo, run, attempt, STAND_IN_HOST))
        : NOT_FOUND;
    }),
  ],
  [
    'get',
    `${RUN}/attempts/{attempt_number}/jobs`,
    withRun((run, { repo, params, query }) => {
      const attempt = Number(params.attempt_number);
      const state = run.attempts[attempt - 1];
      if (!state) return NOT_FOUND;
      return ok({
        total_count: state.jobs.length,
        jobs: paged(state.jobs, query).map(job =>
          jobAnswer(repo, run, attempt, job, STAND_IN_HOST),
        ),
      });
    }),
  ],
  ['post', `${RUN}/deployment_protection_rule`, withRun(answerProtection)],
  ['get', `${RUN}/pending_deployments`, withRun(run => ok(pendingAnswer(run)))],
  [
    'get',
    `${RUN}/artifacts`,
    withRun((run, { query }) =>
      ok({
        total_count: run.artifacts.length,
        artifacts: paged(run.artifacts, query).map(artifactAnswer),
      }),
    ),
  ],
  [
    'post',
    `${RUN}/rerun`,
    withRun((run, { standIn }) => {
      const last = run.attempts.at(-1)!;
      if (last.status !== 'completed') {
        return refused(403, 'This workflow is already running');
      }
      run.attempts.push({
        status: 'in_progress',
        conclusion: null,
        startedAt: now(),
        updatedAt: now(),
        jobs: last.jobs.map(job => ({
          ...job,
          id: standIn.nextId(),
          status: 'in_progress',
          conclusion: null,
          completedAt: null,
        })),
      });
      return { status: 201, body: {} };
    }),
  ],
  [
    'post',
    `${RUN}/cancel`,
    withRun(run => {
      if (run.attempts.at(-1)!.status === 'completed') {
        return refused(409, 'Cannot cancel a workflow run that is completed.');
      }
      end(run, 'cancelled');
      return { status: 202, body: {} };
    }),
  ],
  [
    'get',
    `${REPO}/actions/jobs/{job_id}`,
    call => {
      const found = findJob(call);
      return found ? ok(found) : NOT_FOUND;
    },
  ],
  [
    'get',
    `${REPO}/actions/jobs/{job_id}/logs`,
    call =>
      findJob(call)?.status === 'completed'
        ? storedAt(`/logs/${call.params.job_id}`)
        : NOT_FOUND,
  ],
  [
    'get',
    `${REPO}/actions/artifacts/{artifact_id}/{archive_format}`,
    ({ repo, params }) => {
      const artifact = repo.runs
        .flatMap(run => run.artifacts)
        .find(({ id }) => id === Number(params.artifact_id));
      if (!artifact) return NOT_FOUND;
      return artifact.expired
        ? refused(410, 'Artifact has expired')
        : storedAt(`/artifacts/${artifact.id}`);
    },
  ],
  ['get', `${REPO}/deployments`, listDeployments],
  ['post', `${REPO}/deployments`, addDeployment],
  [
    'get',
    `${DEPLOYMENT}/statuses`,
    call => {
      const deployment = deploymentOf(call);
      if (!deployment) return NOT_FOUND;
      const newest = [...deployment.statuses].reverse();
      return ok(paged(newest, call.query).map(statusAnswer));
    },
  ],
  ['post', `${DEPLOYMENT}/statuses`, addStatus],
  [
    'get',
    `${REPO}/compare/{basehead}`,
    ({ repo, query }) =>
      ok(comparisonAnswer(paged(repo.commits, query), repo.commits.length)),
  ],
  [
    'get',
    `${REPO}/commits`,
    ({ repo, query }) =>
      ok(paged([...repo.commits].reverse(), query).map(commitAnswer)),
  ],
  ['get', `${REPO}/contents/{path}`, readFile],
  ['put', `${REPO}/contents/{path}`, writeFile],
  [
    'get',
    `${REPO}/git/ref/{ref}`,
    ({ repo, params }) => {
      const branch = repo.branches.get(params.ref.replace(/^heads\//, ''));
      return branch
        ? ok(refAnswer(`refs/${params.ref}`, branch.sha))
        : NOT_FOUND;
    },
  ],
  ['post', `${REPO}/git/refs`, setRef],
  ['patch', `${REPO}/git/refs/{ref}`, setRef],
  [
    'get',
    `${REPO}/pulls`,
    ({ repo, query }) =>
      ok(
        repo.pulls
          .filter(pull => query.get('head') === `${repo.owner}:${pull.head}`)
          .filter(pull => pull.state === 'open')
          .map(pull =>
            pullAnswer(repo, pull, STAND_IN_HOST, 'pull-request-simple'),
          ),
      ),
  ],
  [
    'post',
    `${REPO}/pulls`,
    ({ standIn, repo, body }) => {
      const pull = { ...body, number: standIn.nextId(), state: 'open' };
      repo.pulls.push(pull);
      return {
        status: 201,
        body: pullAnswer(repo, pull, STAND_IN_HOST, 'pull-request'),
      };
    },
  ],
  [
    'patch',
    `${REPO}/pulls/{pull_number}`,
    ({ repo, params, body }) => {
      const pull = repo.pulls.find(
        p => p.number === Number(params.pull_number),
      )!;
      Object.assign(pull, body);
      return ok(pullAnswer(repo, pull, STAND_IN_HOST, 'pull-request'));
    },
  ],
];

export const ROUTES: Route[] = TABLE.map(([method, template, answer]) => ({
  method,
  template,
  pattern: new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  answer,
}));

function findJob({ repo, params }: Call) {
  for (const run of repo.runs) {
    for (const [index, attempt] of run.attempts.entries()) {
      const job = attempt.jobs.find(({ id }) => id === Number(params.job_id));
      if (job) return jobAnswer(repo, run, index + 1, job, STAND_IN_HOST);
    }
  }
  return undefined;
}

function storedAt(path: string): Answer {
  return {
    status: 302,
    headers: { location: `https://${STORAGE_HOST}${path}` },
  };
}
