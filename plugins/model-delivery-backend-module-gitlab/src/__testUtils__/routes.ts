import {
  listedPipeline,
  shownDeployment,
  shownJob,
  shownPipeline,
} from './answers';
import { type Answer, type Asked, NOT_FOUND, shown } from './exchange';
import { fileRoutes } from './fileRoutes';
import type { GitlabStandIn } from './GitlabStandIn';
import {
  cancelPipeline,
  endPipeline,
  type PipelineState,
  type ProjectState,
} from './standInState';

/** What GitLab answers, by the route. */
export function answer(standIn: GitlabStandIn, asked: Asked): Answer {
  const { pathname, searchParams: query } = asked.url;
  if (pathname === '/personal_access_tokens/self') {
    return shown({ name: 'slipway', scopes: ['api'], expires_at: null });
  }
  if (pathname === '/projects') return paged(projectsOf(standIn, query), query);
  const [, path, rest] = /^\/projects\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
  const name = decodeURIComponent(path ?? '');
  const project = standIn.projects.get(name);
  if (!project) return NOT_FOUND;
  if (rest === '') return shown({ default_branch: 'main' });
  if (rest === 'pipelines') return paged(pipelinesOf(project, query), query);
  if (rest === 'deployments') {
    return paged(deploymentsOf(project, query), query);
  }
  if (rest === 'environments') {
    const found = [...project.environments].map(([environment, state]) => ({
      id: 9,
      name: environment,
      state,
    }));
    return paged(
      found.filter(one => one.name === query.get('name')),
      query,
    );
  }
  const ofFiles = fileRoutes(project, rest, asked);
  if (ofFiles) return ofFiles;
  if (rest.startsWith('repository/commits')) {
    return commitsOf(project, rest, query);
  }
  if (rest === 'pipeline') return create(standIn, name, asked.body);
  const [, kind, id, more = ''] =
    /^(pipelines|jobs|deployments)\/(\d+)\/?(.*)$/.exec(rest) ?? [];
  if (kind === 'jobs') return ofJob(project, Number(id), more);
  if (kind === 'deployments') {
    const found = project.deployments.find(one => one.id === Number(id));
    return found
      ? shown({ ...shownDeployment(found), ...found.approvals })
      : NOT_FOUND;
  }
  const pipeline = project.pipelines.find(one => one.id === Number(id));
  return pipeline ? ofPipeline(project, pipeline, more, asked) : NOT_FOUND;
}

function projectsOf({ projects }: GitlabStandIn, query: URLSearchParams) {
  const search = query.get('search') ?? '';
  return [...projects.keys()]
    .filter(path => path.includes(search))
    .map(path => ({
      path_with_namespace: path,
      description: null,
      web_url: `https://gitlab.example/${path}`,
    }));
}

function pipelinesOf(project: ProjectState, query: URLSearchParams) {
  return project.pipelines
    .filter(
      ({ ref, source }) =>
        [null, ref].includes(query.get('ref')) &&
        [null, source].includes(query.get('source')),
    )
    .reverse()
    .map(listedPipeline);
}

function deploymentsOf(project: ProjectState, query: URLSearchParams) {
  const since = query.get('updated_after') ?? '';
  const found = project.deployments.filter(
    ({ environment, status, updatedAt }) =>
      environment === query.get('environment') &&
      [null, status].includes(query.get('status')) &&
      updatedAt >= since,
  );
  const isById = query.get('order_by') === 'id';
  found.sort((a, b) =>
    isById ? a.id - b.id : a.updatedAt.localeCompare(b.updatedAt),
  );
  if (query.get('sort') === 'desc') found.reverse();
  return found.map(shownDeployment);
}

function commitsOf(
  { commits }: ProjectState,
  rest: string,
  query: URLSearchParams,
): Answer {
  const sha = rest.split('/')[2];
  if (sha !== undefined) return commits ? shown({ id: sha }) : NOT_FOUND;
  const told = (commits ?? []).map(({ name, email, parents = 1 }, index) => ({
    id: String(index).padStart(40, '0'),
    author_name: name,
    author_email: email,
    parent_ids: Array.from({ length: parents }, () => 'c'.repeat(40)),
  }));
  return paged(told, query);
}

function create(
  standIn: GitlabStandIn,
  path: string,
  { ref = '', variables = [] }: Asked['body'],
): Answer {
  if (ref !== 'main') {
    return {
      status: 400,
      body: { message: { base: ['Reference not found'] } },
    };
  }
  const made = standIn.startPipeline(path, ref, variables);
  return { status: 201, body: shownPipeline(made) };
}

function ofPipeline(
  project: ProjectState,
  pipeline: PipelineState,
  more: string,
  { method, url, body }: Asked,
): Answer {
  if (more === 'variables') return shown(pipeline.variables);
  if (more === 'jobs') {
    const withRetried = url.searchParams.get('include_retried') === 'true';
    const jobs = pipeline.jobs
      .filter(({ retried }) => withRetried || !retried)
      .map(job => shownJob(pipeline, job));
    return paged(jobs.reverse(), url.searchParams);
  }
  if (more === 'cancel' && method === 'POST') {
    cancelPipeline(project, pipeline);
    return shown(shownPipeline(pipeline));
  }
  if (more === 'metadata' && method === 'PUT') {
    pipeline.name = body.name ?? null;
    return shown(shownPipeline(pipeline));
  }
  if (more === 'test_report_summary') {
    return shown({ test_suites: pipeline.suites });
  }
  if (more !== '') return NOT_FOUND;
  if (pipeline.looksLeft !== null) {
    pipeline.looksLeft -= 1;
    if (pipeline.looksLeft <= 0) endPipeline(project, pipeline, 'success');
  }
  return shown(shownPipeline(pipeline));
}

function ofJob(project: ProjectState, id: number, more: string): Answer {
  const pipeline = project.pipelines.find(({ jobs }) =>
    jobs.some(one => one.id === id),
  );
  const job = pipeline?.jobs.find(one => one.id === id);
  if (!pipeline || !job) return NOT_FOUND;
  if (more === 'trace') return { status: 200, raw: Buffer.from(job.log) };
  if (more === 'artifacts' && job.archive) {
    return { status: 200, raw: job.archive.zip };
  }
  return more === '' ? shown(shownJob(pipeline, job)) : NOT_FOUND;
}

function paged(all: unknown[], query: URLSearchParams): Answer {
  const page = Number(query.get('page') ?? 1);
  const perPage = Number(query.get('per_page') ?? 20);
  const next = page * perPage < all.length ? String(page + 1) : '';
  return {
    status: 200,
    body: all.slice((page - 1) * perPage, page * perPage),
    headers: {
      'x-page': String(page),
      'x-per-page': String(perPage),
      'x-next-page': next,
    },
  };
}
