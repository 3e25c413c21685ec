import { NotFoundError } from '@backstage/errors';
import type {
  Finding,
  MonitorSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type ModelTarget,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';

/** Something that was chosen, with its provider. */
export interface Chosen<P> {
  provider: P;
  model: ModelTarget;
}

/** Findings about monitors: those to take over, and the sentence about them. */
export interface FoundMonitors {
  monitors: MonitorSpec[];
  finding: Finding;
}

/** The sentence for a failure of a provider. */
export function failureOf(error: unknown): string {
  if (error instanceof ProviderError || error instanceof NotFoundError) {
    return error.message;
  }
  const name = error instanceof Error ? error.name : '';
  return name === 'TimeoutError' || name === 'AbortError'
    ? 'it did not answer in time.'
    : 'it failed; see the log of the backend.';
}
