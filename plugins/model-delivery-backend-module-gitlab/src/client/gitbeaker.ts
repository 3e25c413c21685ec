import {
  Commits,
  Deployments,
  Environments,
  JobArtifacts,
  Jobs,
  MergeRequests,
  PersonalAccessTokens,
  Pipelines,
  Projects,
  RepositoryFiles,
} from '@gitbeaker/rest';
import {
  BaseResource,
  createRequesterFn,
  type FormattedResponse,
  type RequestOptions,
} from '@gitbeaker/requester-utils';

export type Send = (
  endpoint: string,
  options: RequestOptions,
) => Promise<FormattedResponse>;

/** The name that GitLab shows of a pipeline, which Gitbeaker does not change. */
class PipelineMetadata extends BaseResource {
  async rename(project: string, id: number, name: string): Promise<unknown> {
    return this.requester.put(
      `projects/${encodeURIComponent(project)}/pipelines/${id}/metadata`,
      { body: { name } },
    );
  }
}

/** GitLab's resources, whose routes and escaping are Gitbeaker's. */
export interface Gitlab {
  commits: Commits;
  deployments: Deployments;
  environments: Environments;
  jobArtifacts: JobArtifacts;
  jobs: Jobs;
  mergeRequests: MergeRequests;
  pipelineMetadata: PipelineMetadata;
  pipelines: Pipelines;
  projects: Projects;
  repositoryFiles: RepositoryFiles;
  tokens: PersonalAccessTokens;
}

/**
 * The resources on a transport of our own. Gitbeaker's follows redirects, reads answers of any size,
 * waits up to minutes on a rate limit and knows no abort of its caller.
 */
export function gitlabOver(token: string, send: Send): Gitlab {
  const options = {
    oauthToken: token,
    requesterFn: createRequesterFn(
      async (_resource, request) => request,
      async (endpoint, request) => send(endpoint, request ?? {}),
    ),
    // The limits are those that the answers tell.
    rateLimits: {},
    queryTimeout: null,
  };
  return {
    commits: new Commits(options),
    deployments: new Deployments(options),
    environments: new Environments(options),
    jobArtifacts: new JobArtifacts(options),
    jobs: new Jobs(options),
    mergeRequests: new MergeRequests(options),
    pipelineMetadata: new PipelineMetadata(options),
    pipelines: new Pipelines(options),
    projects: new Projects(options),
    repositoryFiles: new RepositoryFiles(options),
    tokens: new PersonalAccessTokens(options),
  };
}
