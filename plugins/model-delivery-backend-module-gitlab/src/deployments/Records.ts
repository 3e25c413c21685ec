import {
  approvals as approvalsAnswer,
  deployments as deploymentsAnswer,
  environments as environmentsAnswer,
  type GitlabApprovals,
  type GitlabDeployment,
} from '../answers/deployments';
import type { GitlabPipeline } from '../answers/pipelines';
import type { GitlabClient } from '../client/GitlabClient';
import type { DeploymentTarget } from '../targets';

type Place = Pick<DeploymentTarget, 'project' | 'environment'>;

const RECENT = 20;
const AT_ONCE = 100;
const MOST_PAGES = 3;

/** Reads GitLab's own records of what was deployed to an environment. */
export class Records {
  readonly #client: GitlabClient;

  constructor(client: GitlabClient) {
    this.#client = client;
  }

  /** `available` or `stopped`, for example; null where the project has no such environment. */
  async stateOf(
    { project, environment }: Place,
    signal: AbortSignal,
  ): Promise<string | null> {
    const found = await this.#client.get(
      project,
      async api =>
        api.environments.all(project, { name: environment, page: 1 }),
      environmentsAnswer,
      signal,
    );
    return found.find(({ name }) => name === environment)?.state ?? null;
  }

  /** The successful deployment that ended last: a job that is retried makes a new one. */
  async live(
    { project, environment }: Place,
    signal: AbortSignal,
  ): Promise<GitlabDeployment | null> {
    const found = await this.#client.get(
      project,
      async api =>
        api.deployments.all(project, {
          environment,
          status: 'success',
          orderBy: 'id',
          sort: 'desc',
          perPage: RECENT,
          page: 1,
        }),
      deploymentsAnswer,
      signal,
    );
    const byEnd = found.sort(
      (a, b) => endOf(b).localeCompare(endOf(a)) || b.id - a.id,
    );
    return byEnd[0] ?? null;
  }

  /** The newest one of a pipeline to an environment. */
  async ofPipeline(
    { project, environment }: Place,
    pipeline: Pick<GitlabPipeline, 'id' | 'created_at'>,
    signal: AbortSignal,
  ): Promise<GitlabDeployment | null> {
    let newest: GitlabDeployment | null = null;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const answer = await this.#client.get(
        project,
        async api =>
          api.deployments.all(project, {
            environment,
            // A pipeline makes its deployments after itself, so the first pages have them.
            updatedAfter: pipeline.created_at,
            orderBy: 'updated_at',
            sort: 'asc',
            perPage: AT_ONCE,
            page,
          }),
        deploymentsAnswer,
        signal,
      );
      for (const one of answer) {
        const isOfIt = one.deployable?.pipeline.id === pipeline.id;
        if (isOfIt && (newest === null || one.id > newest.id)) newest = one;
      }
      if (answer.length < AT_ONCE) break;
    }
    return newest;
  }

  /** The approvals that a deployment waits for. */
  async approvals(
    project: string,
    id: number,
    signal: AbortSignal,
  ): Promise<GitlabApprovals> {
    return this.#client.get(
      project,
      async api => api.deployments.show(project, id),
      approvalsAnswer,
      signal,
    );
  }
}

/** When a successful deployment ended; RFC 3339, UTC. */
export function endOf({ deployable, updated_at: at }: GitlabDeployment) {
  return deployable?.finished_at ?? at;
}
