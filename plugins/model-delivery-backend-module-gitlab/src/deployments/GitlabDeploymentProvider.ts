import {
  type DeployProgress,
  type DeployRequest,
  type DeploymentProvider,
  type EnvironmentState,
  type EnvironmentTarget,
  type ModelTarget,
  type ProviderContext,
  ProviderError,
  type TargetIdentity,
} from '@slipway/plugin-model-delivery-node';
import { withUserFacingErrors } from '@slipway/plugin-model-delivery-node/http';
import { LRUCache } from 'lru-cache';
import { anything } from '../answers/pipelines';
import type { GitlabParts } from '../GitlabParts';
import { tellRun } from '../pipelines/tellRun';
import {
  type DeploymentTarget,
  deploymentTargetOf,
  subjectOf,
  subjectOfTarget,
  targetKeyOf,
} from '../targets';
import { tellProgress } from './tellProgress';
import { tellState } from './tellState';

const REMEMBERED = 1_000;
/** An approval may take days, in which each look costs requests. */
const SLOWER_WHERE_IT_WAITS = 6;
/** GitLab ends a job at its time-out, and one that no runner takes after a day. */
const HANGS_AFTER_MINUTES = 24 * 60 + 10;
/** What asking again will not change. */
const FINAL = ['bad-data', 'not-found', 'forbidden', 'unsupported'];
/** GitLab cancels no job that waits for a person, so the pipeline's name keeps the cancellation. */
const CANCELLED_NAME = 'Cancelled in Slipway';

/** Puts versions into environments by a pipeline of the project. */
export class GitlabDeploymentProvider implements DeploymentProvider {
  readonly #parts: GitlabParts;
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly hangsAfterMinutes = HANGS_AFTER_MINUTES;
  /** The backend asks for progress many times a second; GitLab is asked less often. */
  readonly #progress: LRUCache<string, DeployProgress>;
  /** Why GitLab took no pipeline of an order: another process that is asked first sends it again. */
  readonly #refused = new LRUCache<string, string>({ max: REMEMBERED });

  constructor(parts: GitlabParts) {
    this.#parts = parts;
    this.id = parts.instance.id;
    this.title = parts.instance.title;
    this.host = parts.instance.host;
    this.#progress = new LRUCache({ max: REMEMBERED, ttl: this.#ttlMs });
  }

  get #ttlMs(): number {
    return this.#parts.followSeconds * 1000;
  }

  budget() {
    return this.#parts.budgets.scarcest;
  }

  lookAgainInSeconds(activity: 'busy' | 'quiet') {
    return this.#parts.pace.lookAgainInSeconds(activity);
  }

  subjectOf(model: ModelTarget) {
    return subjectOfTarget(this.host, model);
  }

  async test({ signal }: ProviderContext) {
    return withUserFacingErrors(async () =>
      this.#parts.connection.test(signal),
    );
  }

  async candidates(search: string, { signal }: ProviderContext) {
    return withUserFacingErrors(async () =>
      this.#parts.candidates.find(search, signal),
    );
  }

  identify(model: EnvironmentTarget): TargetIdentity {
    const target = deploymentTargetOf(model);
    return {
      key: targetKeyOf(this.host, target),
      names: { repository: subjectOf(this.host, target.project) },
    };
  }

  async getState(
    model: EnvironmentTarget,
    { signal }: ProviderContext,
  ): Promise<EnvironmentState> {
    const target = deploymentTargetOf(model);
    const { records, starts } = this.#parts;
    const state = await records.stateOf(target, signal);
    const live = state === null ? null : await records.live(target, signal);
    const variables = live?.deployable
      ? await starts.variablesOf(
          target.project,
          live.deployable.pipeline.id,
          signal,
        )
      : {};
    return tellState(target.environment, state, live, variables);
  }

  /**
   * Starts a pipeline whose variables carry the order, once for each id: they never change, so whichever
   * process comes next finds it by them.
   */
  async deploy(
    model: EnvironmentTarget,
    request: DeployRequest,
    { signal }: ProviderContext,
  ): Promise<void> {
    const target = deploymentTargetOf(model);
    const { deploymentId } = request;
    const key = keyOf(target, deploymentId);
    const variables = {
      SLIPWAY_ACTION: 'deploy',
      SLIPWAY_DEPLOYMENT_ID: deploymentId,
      SLIPWAY_ENVIRONMENT: target.environment,
      SLIPWAY_VERSION: request.version,
      SLIPWAY_DIGEST: request.digest ?? '',
      SLIPWAY_ARTIFACT_URI: request.artifactUri ?? '',
    };
    try {
      await withUserFacingErrors(async () =>
        this.#parts.starts.start(
          target,
          { key: deploymentId, variables },
          signal,
        ),
      );
    } catch (error) {
      if (!(error instanceof ProviderError) || !FINAL.includes(error.kind)) {
        throw error;
      }
      this.#refused.set(key, error.message);
    } finally {
      this.#progress.delete(key);
    }
  }

  async getProgress(
    model: EnvironmentTarget,
    deploymentId: string,
    { signal }: ProviderContext,
  ): Promise<DeployProgress> {
    const target = deploymentTargetOf(model);
    const key = keyOf(target, deploymentId);
    signal.throwIfAborted();
    const recent = this.#progress.get(key);
    if (recent) return recent;
    const progress = await withUserFacingErrors(async () =>
      this.#look(target, deploymentId, signal),
    );
    if (progress.phase !== 'unknown') {
      const waits = 'waitsFor' in progress;
      this.#progress.set(key, progress, {
        ...(waits && { ttl: this.#ttlMs * SLOWER_WHERE_IT_WAITS }),
      });
    }
    return progress;
  }

  async cancel(
    model: EnvironmentTarget,
    deploymentId: string,
    { signal }: ProviderContext,
  ): Promise<void> {
    const target = deploymentTargetOf(model);
    await withUserFacingErrors(async () =>
      this.#cancel(target, deploymentId, signal),
    );
    this.#progress.delete(keyOf(target, deploymentId));
  }

  async #cancel(
    target: DeploymentTarget,
    deploymentId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, starts } = this.#parts;
    const { project } = target;
    const before = await this.#look(target, deploymentId, signal);
    if (before.phase !== 'in-progress') return;
    const id = await starts.find(project, deploymentId, signal);
    if (id === null) return;
    await client.act(
      project,
      async api => api.pipelines.cancel(project, id),
      anything,
      signal,
    );
    const after = await this.#look(target, deploymentId, signal);
    if (!('waitsFor' in after)) return;
    await client.act(
      project,
      async api => api.pipelineMetadata.rename(project, id, CANCELLED_NAME),
      anything,
      signal,
    );
  }

  async #look(
    target: DeploymentTarget,
    deploymentId: string,
    signal: AbortSignal,
  ): Promise<DeployProgress> {
    const { pipelines, records, starts } = this.#parts;
    const { project, environment } = target;
    const id = await starts.find(project, deploymentId, signal);
    if (id === null) {
      const message = this.#refused.get(keyOf(target, deploymentId));
      return message === undefined
        ? { phase: 'unknown' }
        : { phase: 'failed', message };
    }
    // The record is read last: it is never older than the pipeline's status.
    const [pipeline, jobs, variables] = await Promise.all([
      pipelines.pipeline(project, id, signal),
      pipelines.jobs(project, id, signal),
      starts.variablesOf(project, id, signal),
    ]);
    const record = await records.ofPipeline(target, pipeline, signal);
    const approvals =
      record?.status === 'blocked'
        ? await records.approvals(project, record.id, signal)
        : null;
    return tellProgress(
      { environment, version: variables.SLIPWAY_VERSION ?? null },
      {
        run: tellRun(pipeline, jobs),
        record,
        approvals,
        isCancelled: pipeline.name === CANCELLED_NAME,
      },
    );
  }
}

function keyOf({ project }: DeploymentTarget, deploymentId: string): string {
  return `${project}/${deploymentId}`;
}
