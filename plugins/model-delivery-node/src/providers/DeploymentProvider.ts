import type { Readable } from 'node:stream';
import type {
  jsonValue,
  OutsideWait,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type { ModelTarget, ProviderContext, ProviderIdentity } from './common';

export type JsonValue = z.infer<typeof jsonValue>;

export interface EnvironmentTarget extends ModelTarget {
  environment: string;
}

/** What an environment serves now. */
export interface EnvironmentState {
  live: {
    version: string;
    digest: string | null;
    deploymentId: string | null;
  } | null;
  status: 'ready' | 'starting' | 'failing' | 'stopped' | 'unknown';
  message: string | null;
  /** Stable across versions. */
  endpoint: string | null;
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

export type DeployProgress =
  | { phase: 'unknown' }
  | {
      phase: 'in-progress' | 'verifying';
      /** With a run, a new message is a new event of the deployment: steady while nothing changes. */
      message: string;
      /** The run that carries it out, as the pipelines of the same provider name it. */
      runId?: string;
      /**
       * Set while the outside system lets it wait, for a person there or for a rule of its own. It is
       * not given up then, however long that takes, and `message` says for whom or what it waits.
       */
      waitsFor?: OutsideWait;
    }
  | { phase: 'live'; message: string; at: string }
  | { phase: 'failed'; message: string };

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
