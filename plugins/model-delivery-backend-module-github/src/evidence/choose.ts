import type { GithubArtifact } from '../answers/runs';

/**
 * The artifacts that tell about one attempt, oldest first. Artifacts belong to a run and not to an
 * attempt: a job that did not run again still has its artifact of the attempt before, and one that
 * ran again has two of the same name.
 *
 * @param before - when the next attempt began; null for the last one.
 */
export function choose(
  artifacts: GithubArtifact[],
  before: string | null,
): GithubArtifact[] {
  const byName = new Map<string, GithubArtifact>();
  for (const artifact of [...artifacts].sort(byAge)) {
    const late = before && artifact.created_at && artifact.created_at >= before;
    if (!artifact.expired && !late) byName.set(artifact.name, artifact);
  }
  return [...byName.values()].sort(byAge);
}

function byAge(a: GithubArtifact, b: GithubArtifact): number {
  const [first, second] = [a.created_at ?? '', b.created_at ?? ''];
  return first.localeCompare(second) || a.id - b.id;
}
