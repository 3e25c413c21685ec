import type { DeploymentStore } from '../database/DeploymentStore';
import type { RunRow } from '../database/RunStore';
import type { VersionStore } from '../database/VersionStore';
import type { ModelEntities } from '../registry/ModelEntities';
import type { Registry } from '../registry/Registry';
import { environmentKey } from '../targets';
import type { Champion } from './JobRunner';

/**
 * Whom a candidate is compared with: what the run names; else what is live in the last environment
 * in promotion order that serves anything; else the newest version that its gates let pass.
 *
 * @returns null for a first release.
 */
export async function findChampion(
  run: RunRow,
  parts: {
    entities: ModelEntities;
    versions: VersionStore;
    registry: Registry;
    deploymentStore: DeploymentStore;
  },
): Promise<Champion | null> {
  const candidates =
    run.plan === 'evaluation'
      ? [run.champion_version]
      : [
          ...(await liveVersions(run.repository, parts)),
          await parts.versions.newestRegistered(run.repository),
        ];
  for (const version of candidates) {
    if (!version) continue;
    const bundle = await parts.registry
      .bundlePath(run.repository, version)
      .catch(() => undefined);
    if (bundle) return { version, bundle };
  }
  return null;
}

async function liveVersions(
  repository: string,
  parts: Pick<
    Parameters<typeof findChampion>[1],
    'entities' | 'versions' | 'deploymentStore'
  >,
): Promise<Array<string | undefined>> {
  const model = await parts.entities.modelOf(repository);
  const aliases = await parts.versions.aliases(repository);
  const result: Array<string | undefined> = [];
  for (const environment of [...model.environments].reverse()) {
    const row = await parts.deploymentStore.environment(
      environmentKey({ ...model, environment }),
    );
    result.push(
      row?.version ??
        aliases.find(({ alias }) => alias === environment)?.version,
    );
  }
  return result;
}
