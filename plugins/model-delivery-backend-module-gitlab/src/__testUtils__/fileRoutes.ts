import { type Answer, type Asked, NOT_FOUND, shown } from './exchange';
import type { MergeRequestState, ProjectState } from './standInState';

const told = ({ iid }: MergeRequestState) => ({
  iid,
  web_url: `https://gitlab.example/-/merge_requests/${iid}`,
});

/** Files of branches and merge requests; undefined for other routes. */
export function fileRoutes(
  project: ProjectState,
  rest: string,
  { method, url, body }: Asked,
): Answer | undefined {
  const [, path] = /^repository\/files\/([^/]+)$/.exec(rest) ?? [];
  if (path) {
    const branch = project.branches.get(url.searchParams.get('ref') ?? '');
    const content = branch?.get(decodeURIComponent(path));
    return content === undefined
      ? NOT_FOUND
      : shown({ content: Buffer.from(content).toString('base64') });
  }
  if (rest === 'repository/commits' && method === 'POST') {
    return commit(project, body);
  }
  const match = /^merge_requests(?:\/(\d+))?$/.exec(rest);
  if (!match) return undefined;
  if (method === 'GET') {
    const wanted = project.mergeRequests.filter(
      ({ state, source }) =>
        state === url.searchParams.get('state') &&
        source === url.searchParams.get('source_branch'),
    );
    return shown(wanted.map(told));
  }
  const { title = '', description = '' } = body;
  const known = project.mergeRequests.find(one => String(one.iid) === match[1]);
  const made = known ?? {
    iid: project.mergeRequests.length + 1,
    state: 'opened' as const,
    source: body.source_branch ?? '',
    target: body.target_branch ?? '',
    title,
    description,
  };
  Object.assign(made, { title, description });
  if (!known) project.mergeRequests.push(made);
  return { status: known ? 200 : 201, body: told(made) };
}

/** GitLab refuses to create a file that is there, and to change one that is not. */
function commit({ branches }: ProjectState, body: Asked['body']): Answer {
  const start = new Map(branches.get(body.start_branch ?? ''));
  for (const { action, file_path: path, content } of body.actions ?? []) {
    if ((action === 'create') === start.has(path)) {
      return { status: 400, body: { message: `${action} of ${path}` } };
    }
    start.set(path, content);
  }
  if (branches.has(body.branch ?? '') && !body.force) {
    return { status: 400, body: { message: 'The branch exists already' } };
  }
  branches.set(body.branch ?? '', start);
  return { status: 201, body: {} };
}
