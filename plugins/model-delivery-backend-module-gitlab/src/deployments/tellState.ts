import type { EnvironmentState } from '@slipway/plugin-model-delivery-node';
import type { GitlabDeployment } from '../answers/deployments';

/** Variables of a pipeline, by name. */
export type Variables = Readonly<Record<string, string>>;

const MAX_ID = 200;

/** What GitLab's records tell about an environment. Unknown is not empty: a sentence says which it is. */
export function tellState(
  environment: string,
  state: string | null,
  live: GitlabDeployment | null,
  variables: Variables,
): EnvironmentState {
  const unknown = (message: string): EnvironmentState => ({
    live: null,
    status: 'unknown',
    message,
    endpoint: null,
  });
  if (state === null) {
    return unknown(
      `The project has no environment ${environment} yet; the first deployment makes it.`,
    );
  }
  if (live === null) {
    return unknown(`GitLab has no successful deployment to ${environment}.`);
  }
  const version = versionOf(live, variables);
  if (version === null) {
    return unknown(
      `GitLab’s newest deployment to ${environment} names no version, neither by the variable SLIPWAY_VERSION nor by a tag such as v1.2.0.`,
    );
  }
  const deploymentId = textOf(variables.SLIPWAY_DEPLOYMENT_ID);
  const isStopped = state === 'stopped';
  return {
    live: {
      version,
      digest: textOf(variables.SLIPWAY_DIGEST),
      deploymentId,
      by: deploymentId === null ? (live.user?.name ?? null) : null,
    },
    status: isStopped ? 'stopped' : 'ready',
    message: isStopped
      ? 'The environment was stopped on GitLab.'
      : 'GitLab reports a successful deployment. It does not report the state of the server.',
    endpoint: webAddress(live.environment.external_url),
  };
}

/** The version that a deployment names; one of somebody else may name it by the tag that it deploys. */
function versionOf(
  { ref }: GitlabDeployment,
  { SLIPWAY_VERSION: version }: Variables,
): string | null {
  return textOf(version) ?? (/^v?\d+\.\d+/.test(ref) ? ref : null);
}

function textOf(value: string | undefined): string | null {
  return value && value.length <= MAX_ID ? value : null;
}

function webAddress(url: string | null): string | null {
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? url
    : null;
}
