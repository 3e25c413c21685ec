import {
  JobArtifacts,
  Jobs,
  PersonalAccessTokens,
  Pipelines,
  Projects,
} from '@gitbeaker/rest';
import {
  createRequesterFn,
  type FormattedResponse,
  type RequestOptions,
} from '@gitbeaker/requester-utils';

export type Send = (
  endpoint: string,
  options: RequestOptions,
) => Promise<FormattedResponse>;

/** GitLab's resources, whose routes and escaping are Gitbeaker's. */
export interface Gitlab {
  jobArtifacts: JobArtifacts;
  jobs: Jobs;
  pipelines: Pipelines;
  projects: Projects;
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
    jobArtifacts: new JobArtifacts(options),
    jobs: new Jobs(options),
    pipelines: new Pipelines(options),
    projects: new Projects(options),
    tokens: new PersonalAccessTokens(options),
  };
}
