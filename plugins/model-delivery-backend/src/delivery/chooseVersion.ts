import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { AskingRun } from '@slipway/plugin-model-delivery-node';
import type { StoredVersion } from '../database/VersionStore';

/** What Slipway lacks for an answer, as a sentence with the remedy. */
export class MissingError extends Error {}

/**
 * The versions that a run may deploy: those that its title names, where inputs choose the version;
 * otherwise those that were built from its commit, or the one of them that its tag names.
 */
export function versionsOfRun(
  versions: StoredVersion[],
  { commit, ref, titleOfInputs }: AskingRun,
): StoredVersion[] {
  if (titleOfInputs !== null) {
    const words = titleOfInputs.split(/[\s()[\],;:'"]+/);
    return versions.filter(version =>
      words.some(word => isNamedBy(version, word)),
    );
  }
  const built = versions.filter(v => v.commit !== null && v.commit === commit);
  const named = built.filter(version => isNamedBy(version, ref));
  return named.length > 0 ? named : built;
}

/** @throws MissingError where there is none, or more than one. */
export function theOnly<F extends { version: string; spec: ModelSpec }>(
  found: F[],
  { commit, titleOfInputs }: AskingRun,
): F {
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  const all = found
    .slice(0, 10)
    .map(({ version, spec }) => `${version} of ${spec.name}`)
    .join(', ');
  if (titleOfInputs !== null) {
    throw new MissingError(
      `The inputs of the run are not told, and its title names ${
        first ? `several versions: ${all}` : 'no known version'
      }. Show the version in the title of the run, such as "Deploy 1.4.0".`,
    );
  }
  const of = commit === null ? 'an unknown commit' : commit.slice(0, 12);
  throw new MissingError(
    first
      ? `Several versions were built from the commit ${of}: ${all}. Start the run at a tag that names one of them.`
      : `No version that was built from the commit ${of} is known. Register it, or start the run at the commit of a version.`,
  );
}

function isNamedBy({ version }: StoredVersion, ref: string | null): boolean {
  return ref === version || ref === `v${version}`;
}
