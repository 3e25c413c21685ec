import { signature as signatureSchema } from '@slipway/plugin-model-delivery-common/schema';
import {
  type DeployProgress,
  type DeployRequest,
  type DeploymentProvider,
  type EnvironmentState,
  type EnvironmentTarget,
  type JsonValue,
  type ProviderContext,
  ProviderError,
  type ShiftedReplay,
  type TargetIdentity,
  type TrafficComparison,
  type TrafficSplit,
} from '@slipway/plugin-model-delivery-node';
import type { BatchStates } from '../batch/BatchStates';
import { batchJobOf } from '../batch/schedule';
import type { DeploymentStore } from '../database/DeploymentStore';
import { readBundleJson } from '../registry/bundle';
import {
  environmentKey,
  identifyTarget,
  PROVIDER_ID,
  PROVIDER_TITLE,
} from '../targets';
import type { ShiftedReplays } from '../traffic/ShiftedReplays';
import type { Deployments } from './Deployments';
import { type Environments, noServer } from './Environments';
import {
  checkInputs,
  inferRequest,
  parseInferResponse,
  refusalOf,
} from './inference';
import type { Listener } from './Listener';

interface Parts {
  batch: BatchStates;
  store: DeploymentStore;
  deployments: Deployments;
  environments: Environments;
  listener: Listener;
  replays: ShiftedReplays;
}

/** Model servers on this machine, as the backend drives them. */
export class LocalDeploymentProvider implements DeploymentProvider {
  readonly #parts: Parts;
  readonly id = PROVIDER_ID;
  readonly title = PROVIDER_TITLE;
  readonly runsBatchJobs = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  identify(target: EnvironmentTarget): TargetIdentity {
    // A schedule that never comes is refused here, before anything is deployed.
    batchJobOf(target.target);
    return identifyTarget(target);
  }

  async getState(
    target: EnvironmentTarget,
    { signal }: ProviderContext,
  ): Promise<EnvironmentState> {
    signal.throwIfAborted();
    const key = environmentKey(target);
    const row = await this.#parts.store.environment(key);
    const endpoint = this.#parts.listener.urlOf(key);
    if (!row) {
      return {
        live: null,
        status: 'stopped',
        message: 'Nothing has been deployed here yet.',
        endpoint: batchJobOf(target.target) ? null : endpoint,
      };
    }
    const live = {
      version: row.version,
      digest: row.digest,
      deploymentId: row.deployment_id,
    };
    const job = batchJobOf(target.target);
    if (row.batch) {
      return { live, ...(await this.#parts.batch.stateOf(row, job)) };
    }
    const environment = this.#parts.environments.find(key);
    return {
      live,
      ...(environment?.status() ?? { status: 'unknown', message: null }),
      endpoint,
    };
  }

  async deploy(
    target: EnvironmentTarget,
    request: DeployRequest,
    { signal }: ProviderContext,
  ): Promise<void> {
    signal.throwIfAborted();
    await this.#parts.deployments.deploy(
      environmentKey(target),
      request,
      batchJobOf(target.target),
    );
  }

  async getProgress(
    _target: EnvironmentTarget,
    deploymentId: string,
    { signal }: ProviderContext,
  ): Promise<DeployProgress> {
    signal.throwIfAborted();
    return await this.#parts.deployments.progress(deploymentId);
  }

  async cancel(
    target: EnvironmentTarget,
    deploymentId: string,
    { signal }: ProviderContext,
  ): Promise<void> {
    signal.throwIfAborted();
    await this.#parts.deployments.cancel(environmentKey(target), deploymentId);
  }

  async setTraffic(
    _target: EnvironmentTarget,
    deploymentId: string,
    split: TrafficSplit,
    { signal }: ProviderContext,
  ): Promise<void> {
    signal.throwIfAborted();
    await this.#parts.deployments.candidates.setTraffic(deploymentId, split);
  }

  async getTraffic(
    _target: EnvironmentTarget,
    deploymentId: string,
    { from, to }: { from: string; to: string },
    { signal }: ProviderContext,
  ): Promise<TrafficComparison> {
    signal.throwIfAborted();
    return this.#parts.deployments.candidates.traffic(
      deploymentId,
      Date.parse(from),
      Date.parse(to),
    );
  }

  async replayShifted(
    target: EnvironmentTarget,
    { signal }: ProviderContext,
  ): Promise<ShiftedReplay> {
    signal.throwIfAborted();
    return this.#parts.replays.start(environmentKey(target));
  }

  async predict(
    target: EnvironmentTarget,
    inputs: Record<string, JsonValue>,
    { signal }: ProviderContext,
  ) {
    const key = environmentKey(target);
    const serving = this.#parts.environments.find(key)?.current;
    if (!serving) {
      const row = await this.#parts.store.environment(key);
      if (row?.batch) {
        throw new ProviderError('unsupported', noServer(row.version));
      }
      throw new ProviderError(
        'unavailable',
        `No server is ready in ${target.environment}.`,
      );
    }
    const signature = await readBundleJson(
      serving.bundle.folder,
      'model/signature.json',
      signatureSchema,
    );
    if (!signature) {
      throw new ProviderError(
        'unsupported',
        `The bundle of ${serving.servable.version} has no signature.json, so its inputs are not known.`,
      );
    }
    const url = `${this.#parts.listener.urlOf(key)}/v2/models/${encodeURIComponent(
      serving.bundle.manifest.model,
    )}/infer`;
    const warnings = checkInputs(signature, inputs);
    const body = JSON.stringify(inferRequest(signature, inputs));
    const started = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal,
    }).catch(error => {
      signal.throwIfAborted();
      throw new ProviderError(
        'unavailable',
        'The model server did not answer.',
        { cause: error },
      );
    });
    const answer = await response.text();
    const latencyMs = performance.now() - started;
    if (!response.ok) {
      throw new ProviderError(
        response.status >= 500 ? 'unavailable' : 'invalid',
        `The model server answered ${response.status}: ${refusalOf(answer)}`,
      );
    }
    const { version, outputs } = parseInferResponse(
      signature,
      parseJson(answer),
    );
    return {
      version: version ?? serving.servable.version,
      outputs,
      latencyMs: Math.round(latencyMs * 1_000) / 1_000,
      warnings,
    };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
