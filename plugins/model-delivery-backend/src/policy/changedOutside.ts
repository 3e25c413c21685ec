import type {
  ChangedOutside,
  EnvironmentState,
} from '@slipway/plugin-model-delivery-common/schema';

/** What an environment serves, and when a provider said so; RFC 3339, UTC. */
export type StateRead = EnvironmentState & { readAt: string };

/**
 * Whether an environment serves something else than the history says. Bytes decide where both digests are
 * known, names otherwise. While a deployment is open, and until the state was read after the newest one
 * went live, nothing is said.
 */
export function changedOutside(
  live: { version: string; digest: string | null; from: string } | undefined,
  state: StateRead | undefined,
  isOpen: boolean,
): ChangedOutside | null {
  const served = state?.live;
  if (!served || isOpen) return null;
  const { version, digest } = served;
  const by = served.by ?? null;
  const who = by === null ? '' : ` by ${by}`;
  if (!live) {
    // A deployment of Slipway that is not this model's belongs to another model on the same target.
    if (served.deploymentId !== null) return null;
    return {
      version,
      digest,
      by,
      sentence: `${version} is served here and was deployed outside Slipway${who}.`,
    };
  }
  if (state.readAt <= live.from) return null;
  const isSame =
    digest !== null && live.digest !== null
      ? digest === live.digest
      : version === live.version;
  return isSame
    ? null
    : {
        version,
        digest,
        by,
        sentence: `${version} is served here, and ${live.version} was deployed through Slipway: it was changed outside${who}.`,
      };
}
