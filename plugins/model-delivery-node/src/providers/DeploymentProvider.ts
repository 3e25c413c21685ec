import type { Readable } from 'node:stream';
import type {
  DeployProgress,
  EnvironmentState,
  jsonValue,
  Stickiness,
  TrafficComparison,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type { AskingRun, RunAnswer } from './AskingRun';
import type { ModelTarget, ProviderContext, ProviderIdentity } from './common';

export type { DeployProgress, EnvironmentState, Stickiness, TrafficComparison };
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
   * Set where the traffic shifts in steps. The provider then starts the candidate beside the live
   * version, sends it nothing, and is `rolling-out` until `setTraffic` asks for 100 %. Only for
   * providers that have `setTraffic`, and where a version is live.
   */
  rollout?: { sticky: Stickiness | null };
  /**
   * Set where a run asked whether it may deploy (`runQuestionsExtensionPoint`): this run carries the
   * deployment out, and the provider starts none. The answer to the run comes by `answerRun`.
   */
  runId?: string;
  /**
   * Opens the bundle from the registry, which the provider never sees. It can be called after
   * `deploy` has answered; the signal is the provider's own and ends the download.
   */
  openBundle(
    signal: AbortSignal,
  ): Promise<{ stream: Readable; sizeBytes: number | null }>;
}

/** How the requests of an environment are shared out while a deployment rolls out. */
export interface TrafficSplit {
  /** Share that the candidate answers, in percent. 100 makes it live. */
  weight: number;
  /**
   * Whether the candidate also receives copies of the requests that the live version answers. Its
   * answers to them go nowhere, and they neither delay nor fail a request.
   */
  mirror: boolean;
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

/** A replay that has begun. */
export interface ShiftedReplay {
  /** Rows that the training data lacks. */
  rows: number;
  /** How many requests are sent in all, and for how long. */
  requests: number;
  seconds: number;
}

/** Puts versions into environments. */
export interface DeploymentProvider extends ProviderIdentity {
  /**
   * Whether it runs versions as batch jobs where a target has `batch` (`BatchJob` of the common
   * package). Such a deployment is live once the version was tried; its state then has `batch`. The
   * schedule is the entity's: a provider follows the one of the newest `getState` or `deploy`.
   */
  readonly runsBatchJobs?: boolean;
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
   * Splits the traffic between the live version and a deployment that is `rolling-out`. Idempotent;
   * the split outlives restarts of the backend, and no request fails because of it. A provider
   * without it shifts all traffic at once.
   *
   * @throws ProviderError `not-found` for a deployment that is not rolling out there, unless it is live
   *   already and the weight is 100.
   */
  setTraffic?(
    target: EnvironmentTarget,
    deploymentId: string,
    split: TrafficSplit,
    context: ProviderContext,
  ): Promise<void>;
  /**
   * What the candidate and the live version answered in the same stretch of time.
   *
   * @param between - from inclusive, to exclusive; RFC 3339, UTC.
   * @throws ProviderError where it could not be measured; never zeros in its place.
   */
  getTraffic?(
    target: EnvironmentTarget,
    deploymentId: string,
    between: { from: string; to: string },
    context: ProviderContext,
  ): Promise<TrafficComparison>;
  /**
   * A run that asked whether it may deploy, as it is now.
   *
   * @throws ProviderError `not-found`, which ends the question; `unavailable` while it is not known
   *   yet whether Slipway started it.
   */
  getAskingRun?(
    target: EnvironmentTarget,
    runId: string,
    context: ProviderContext,
  ): Promise<AskingRun>;
  /**
   * Answers a run that asked whether it may deploy. Idempotent: answering one that does not wait any
   * more is no error.
   */
  answerRun?(
    target: EnvironmentTarget,
    runId: string,
    answer: RunAnswer,
    context: ProviderContext,
  ): Promise<void>;
  /**
   * Sends rows that the training data lacks to the live version for a while, so that a demonstration has
   * a drift to follow. It answers once the replay has begun. Only for engines of demonstrations.
   *
   * @throws ProviderError `invalid` where the project has no such rows, `conflict` where a replay runs.
   */
  replayShifted?(
    target: EnvironmentTarget,
    context: ProviderContext,
  ): Promise<ShiftedReplay>;
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
