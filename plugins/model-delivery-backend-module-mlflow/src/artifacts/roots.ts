import type { VersionFacts } from '../versions/VersionReader';
import { notServed, servedPath } from './location';

/**
 * The folders in which the files of a version can be: its run's, in which pipelines log bundle and
 * reports, and its own, which is the model's.
 *
 * @throws ProviderError `unsupported` where the server hands out neither.
 */
export function rootsOf(
  { run, artifactUri }: VersionFacts,
  server: { title: string; host: string },
): string[] {
  const uris = [run?.info.artifact_uri, artifactUri].filter(uri => !!uri);
  const served = uris.flatMap(uri => servedPath(uri!, server.host) ?? []);
  if (served.length === 0) throw notServed(server.title, artifactUri);
  return [...new Set(served)];
}
