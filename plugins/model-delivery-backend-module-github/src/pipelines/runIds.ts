import { ProviderError } from '@slipway/plugin-model-delivery-node';

/**
 * GitHub runs again in place: the run keeps its id and counts its attempts. Each attempt is a run
 * of ours, so the first is `<id>` and the others are `<id>.<attempt>`.
 */
export interface Attempt {
  id: number;
  attempt: number;
}

export function runIdOf({ id, attempt }: Attempt): string {
  return attempt === 1 ? String(id) : `${id}.${attempt}`;
}

/** @throws ProviderError `not-found` for what can't be the id of a run. */
export function attemptOf(runId: string): Attempt {
  const match = /^([1-9]\d{0,15})(?:\.([1-9]\d{0,3}))?$/.exec(runId);
  if (!match) {
    throw new ProviderError(
      'not-found',
      `GitHub has no run ${JSON.stringify(runId.slice(0, 60))}.`,
    );
  }
  return { id: Number(match[1]), attempt: Number(match[2] ?? 1) };
}
