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
  /**
   * Opens the bundle from the registry, which the provider never sees. It can be called after
   * `deploy` has answered; the signal is the provider's own and ends the download.
   */
  openBundle(
    signal: AbortSignal,
  ): Promise<{ stream: Readable; sizeBytes: number | null }>;
}

/** The physical place that a target stands for. */
export interface TargetIdentity {
  /**
   * Canonical: equal for every spelling of the same place, different for any other, such as
   * `github:github.com/acme/penguins#production`. At most 500 characters. One deployment at a time
   * is open per key, whichever entity requests it.
   */
  key: string;
  /**
   * What a rule of `modelDelivery.targets` can grant. Empty where the place belongs to the model
   * itself, so that no other model can name it. `repository` is host, owner and name, such as
   * `github.com/acme/penguins`.
   */
  names: { repository?: string; namespace?: string; service?: string };
}

/** Puts versions into environments. */
export interface DeploymentProvider extends ProviderIdentity {
  /**
   * After how many minutes without progress a deployment times out, where the outside system has a
   * time-out of its own that should come first. Left out, the backend's own time-out applies.
   */
  readonly hangsAfterMinutes?: number;
  /**
   * The physical place that a target stands for. Does nothing outside.
   *
   * @throws ProviderError `bad-data` for a target that cannot be one.
   */
  identify(target: EnvironmentTarget): TargetIdentity;
  getState(
    target: EnvironmentTarget,
    context: ProviderContext,
  ): Promise<EnvironmentState>;
  /**
   * Accepts an order and answers; `getProgress` follows it. It answers once the order is recorded and
   * does not wait for the bundle. Called again with the same id, it resumes and does nothing twice.
   * An id that was cancelled before stays cancelled.
   */
  deploy(
    target: EnvironmentTarget,
    request: DeployRequest,
    context: ProviderContext,
  ): Promise<void>;
  /** `unknown` for an id that the outside system does not know. */
  getProgress(
    target: EnvironmentTarget,
    deploymentId: string,
    context: ProviderContext,
  ): Promise<DeployProgress>;
  /**
   * Cancels a deployment that is not live yet, also one that waits for a person; the live version
   * stays live. Idempotent. The backend calls it and then `getProgress` until the deployment is
   * `failed`, `live` or `unknown` there.
   */
  cancel(
    target: EnvironmentTarget,
    deploymentId: string,
    context: ProviderContext,
  ): Promise<void>;
  /**
   * One inference through the environment's server. Inputs and outputs are by field name.
   *
   * @throws ProviderError `invalid` naming an input that is unknown, missing or of another type.
   */
  predict?(
    target: EnvironmentTarget,
    inputs: Record<string, JsonValue>,
    context: ProviderContext,
  ): Promise<{
    version: string;
    outputs: Record<string, JsonValue>;
    latencyMs: number;
    /** A sentence for each input that the training data did not have. */
    warnings?: string[];
  }>;
}
