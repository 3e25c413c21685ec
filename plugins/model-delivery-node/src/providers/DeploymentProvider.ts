import type { Readable } from 'node:stream';
import type {
  DeployProgress,
  EnvironmentState,
  jsonValue,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type { ModelTarget, ProviderContext, ProviderIdentity } from './common';

export type { DeployProgress, EnvironmentState };
export type JsonValue = z.infer<typeof jsonValue>;

export interface EnvironmentTarget extends ModelTarget {
  environment: string;
}

export interface DeployRequest {
  /** The same id never has a second effect. */
  deploymentId: string;
  version: string;
  digest: string | null;
  /** Where the registry keeps it, for systems that fetch it themselves. */
  artifactUri: string | null;
  /** Opens the bundle from the registry, which the provider never sees. */
  openBundle(): Promise<{ stream: Readable; sizeBytes: number | null }>;
}

/** Puts versions into environments. */
export interface DeploymentProvider extends ProviderIdentity {
  /**
   * After how many minutes without a move a deployment is taken to hang, where the outside system
   * ends what hangs by itself and is to be the first to say so. Left out, the backend's own
   * patience holds.
   */
  readonly hangsAfterMinutes?: number;
  getState(
    target: EnvironmentTarget,
    context: ProviderContext,
  ): Promise<EnvironmentState>;
  /**
   * Begins a deployment and returns; `getProgress` follows it. Asked again with the same id, it
   * goes on where it was and does nothing twice.
   */
  deploy(
    target: EnvironmentTarget,
    request: DeployRequest,
    context: ProviderContext,
  ): Promise<void>;
  /** `unknown` for an id that never arrived. */
  getProgress(
    target: EnvironmentTarget,
    deploymentId: string,
    context: ProviderContext,
  ): Promise<DeployProgress>;
  /**
   * Ends a deployment that is not live yet, also one that waits for a person; what was live stays
   * live. Idempotent: it is asked again until it answered.
   */
  cancel(
    target: EnvironmentTarget,
    deploymentId: string,
    context: ProviderContext,
  ): Promise<void>;
  /** One inference through the environment's server. Inputs and outputs are by field name. */
  predict?(
    target: EnvironmentTarget,
    inputs: Record<string, JsonValue>,
    context: ProviderContext,
  ): Promise<{
    version: string;
    outputs: Record<string, JsonValue>;
    latencyMs: number;
  }>;
}
