import { project as projectAnswer } from '../answers/projects';
import type { GitlabClient } from '../client/GitlabClient';

/** @throws ProviderError `not-found` */
export async function defaultBranchOf(
  client: GitlabClient,
  project: string,
  signal: AbortSignal,
): Promise<string> {
  const { default_branch: branch } = await client.get(
    project,
    async api => api.projects.show(project),
    projectAnswer,
    signal,
  );
  return branch;
}
