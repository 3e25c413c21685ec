import fs from 'node:fs/promises';
import type { DeploymentStore } from '../database/DeploymentStore';
import type { RunRow } from '../database/RunStore';
import type { VersionStore } from '../database/VersionStore';
import type { ModelEntities } from '../registry/ModelEntities';
import type { Registry } from '../registry/Registry';
import { DeploymentFolder } from '../serving/DeploymentFolder';
import { environmentKey } from '../targets';
import type { Champion } from './JobRunner';

type Parts = {
  entities: ModelEntities;
  versions: VersionStore;
  registry: Registry;
  deploymentStore: DeploymentStore;
  /** Where the bundles of deployments are kept. */
  serving: string;
};

/**
 * Whom a candidate is compared with: what the run names; else what is live in the last environment
 * in promotion order that serves anything; else the newest version that its gates let pass.
 *
 * What is live is taken as it is served, since another registry may hold it.
 *
 * @returns null for a first release.
 */
export async function findChampion(
  run: RunRow,
  parts: Parts,
): Promise<Champion | null> {
  const live = await liveChampions(run.repository, parts);
  if (run.plan === 'evaluation') {
    const version = run.champion_version;
    if (!version) return null;
    return (
      live.find(champion => champion.version === version) ??
      (await registered(run.repository, version, parts))
    );
  }
  if (live.length > 0) return live[0];
  const newest = await parts.versions.newestRegistered(run.repository);
  return newest ? await registered(run.repository, newest, parts) : null;
}

const exists = (file: string) =>
  fs.access(file).then(
    () => true,
    () => false,
  );

/** What each environment serves, the last in promotion order first. */
async function liveChampions(
  repository: string,
  parts: Parts,
): Promise<Champion[]> {
  const model = await parts.entities.modelOf(repository);
  const aliases = await parts.versions.aliases(repository);
  const found: Champion[] = [];
  for (const environment of [...model.environments].reverse()) {
    const key = environmentKey({ ...model, environment });
    const row = await parts.deploymentStore.environment(key);
    const served =
      row &&
      new DeploymentFolder(parts.serving, row.key, row.deployment_id).archive;
    const version =
      row?.version ??
      aliases.find(({ alias }) => alias === environment)?.version;
    if (row && served && (await exists(served))) {
      found.push({ version: row.version, bundle: served });
    } else if (version) {
      const champion = await registered(repository, version, parts);
      if (champion) found.push(champion);
    }
  }
  return found;
}

async function registered(
  repository: string,
  version: string,
  parts: Parts,
): Promise<Champion | null> {
  const bundle = await parts.registry
    .bundlePath(repository, version)
    .catch(() => undefined);
  return bundle ? { version, bundle } : null;
}
