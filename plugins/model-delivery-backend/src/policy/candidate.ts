import type { EnvironmentSpec } from '@slipway/plugin-model-delivery-common/schema';

export interface VersionAge {
  version: string;
  /** RFC 3339, UTC. */
  createdAt: string;
}

/**
 * The version that could come next in an environment: the newest one, or, after another
 * environment, what is live there. Only what is newer than the live version is a candidate.
 */
export function candidateFor<V extends VersionAge>(
  environment: EnvironmentSpec,
  live: ReadonlyMap<string, V>,
  newest: V | undefined,
): V | null {
  const here = live.get(environment.name);
  const next = environment.after ? live.get(environment.after) : newest;
  if (!next || next.version === here?.version) return null;
  return here && next.createdAt <= here.createdAt ? null : next;
}

/**
 * Whether a version whose gates need approval is deployed without it. It is where another environment
 * follows, since a person decides there; in the last one it is not.
 */
export function mayDeployWithoutApproval(
  environment: EnvironmentSpec,
  all: EnvironmentSpec[],
): boolean {
  return all.some(other => other.after === environment.name);
}

/** The live version of each environment, where it is known. */
export function liveVersions<V>(
  live: ReadonlyMap<string, { version: string }>,
  versions: ReadonlyMap<string, V>,
): Map<string, V> {
  const found = new Map<string, V>();
  for (const [environment, { version }] of live) {
    const known = versions.get(version);
    if (known) found.set(environment, known);
  }
  return found;
}
