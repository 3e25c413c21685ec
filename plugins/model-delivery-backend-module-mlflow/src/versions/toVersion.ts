import { digest } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderVersion } from '@slipway/plugin-model-delivery-node';
import type { ServerConfig } from '../config';
import { datasetOf } from './dataset';
import { metricsOf } from './metrics';
import { verdictOf } from './verdict';
import type { VersionFacts } from './VersionReader';

const MAX_URI = 2_000;

/** What MLflow says of a version, in our words. Pure. */
export function toVersion(
  server: ServerConfig,
  { version, run, aliases, artifactUri }: VersionFacts,
): ProviderVersion {
  const { tags } = version;
  const registered = digest.safeParse(tags.get(server.tags.digest));
  return {
    version: version.version,
    ...verdictOf(version, server.tags),
    commit:
      tags.get(server.tags.commit) ||
      run?.data.tags.get(server.tags.runCommit) ||
      null,
    commitMessage: null,
    author:
      version.user_id ||
      run?.data.tags.get('mlflow.user') ||
      run?.info.user_id ||
      null,
    createdAt: new Date(version.creation_timestamp).toISOString(),
    digest: registered.success ? registered.data : null,
    artifactUri: artifactUri && artifactUri.slice(0, MAX_URI),
    ...datasetOf(run),
    sizeBytes: null,
    metrics: run ? metricsOf(run, server.lowerIsBetter) : [],
    params: Object.fromEntries(
      run?.data.params.map(({ key, value }) => [key, value]) ?? [],
    ),
    aliases,
    runId: tags.get(server.tags.pipelineRun) || null,
    hasCard:
      version.description.trim() !== '' ||
      tags.get(server.tags.card) === 'true',
    url: pageOf(server, version.name, version.version),
  };
}

/** MLflow's page of a model or one of its versions. */
export function pageOf(
  server: ServerConfig,
  name: string,
  version?: string,
): string {
  const base = (server.externalUrl ?? server.url).replace(/\/+$/, '');
  const model = `${base}/#/models/${encodeURIComponent(name)}`;
  return version === undefined ? model : `${model}/versions/${version}`;
}
