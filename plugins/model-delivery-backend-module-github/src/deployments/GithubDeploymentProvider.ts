import {
  type AskingRun,
  type DeployProgress,
  type DeployRequest,
  type DeploymentProvider,
  type EnvironmentState,
  type EnvironmentTarget,
  type ModelTarget,
  type ProviderContext,
  type RunAnswer,
  type TargetIdentity,
} from '@slipway/plugin-model-delivery-node';
import {
  KeyedOnce,
  withUserFacingErrors,
} from '@slipway/plugin-model-delivery-node/http';
import { LRUCache } from 'lru-cache';
import type { GithubDeployment } from '../answers/deployments';
import type { GithubParts } from '../GithubParts';
import { attemptOf, runIdOf } from '../pipelines/runIds';
import { tellRun } from '../pipelines/tellRun';
import {
  type DeploymentTarget,
  deploymentTargetOf,
  subjectOf,
  subjectOfTarget,
  targetKeyOf,
} from '../targets';
import { beginDeployment } from './beginDeployment';
import { endOf, runOf } from './Records';
import { tellProgress } from './tellProgress';

const REMEMBERED = 1_000;
/** A review may take days, in which each look costs requests. */
const SLOWER_WHERE_IT_WAITS = 6;
/** GitHub ends a job after six hours, and a run that waits for a runner after a day. */
const HANGS_AFTER_MINUTES = 6 * 60 + 10;

/** Puts versions into environments by a workflow of the repository. */
export class GithubDeploymentProvider implements DeploymentProvider {
  readonly #parts: GithubParts;
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly hangsAfterMinutes = HANGS_AFTER_MINUTES;
  readonly #begin = new KeyedOnce<void>();
  /** The backend asks for progress many times a second; GitHub is asked less often. */
  readonly #progress: LRUCache<string, DeployProgress>;

  constructor(parts: GithubParts) {
    this.#parts = parts;
    this.id = parts.instance.id;
    this.title = parts.instance.title;
    this.host = parts.instance.host;
    this.#progress = new LRUCache({
      max: REMEMBERED,
      ttl: this.#ttlMs,
    });
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
    const repository = subjectOf(this.host, target);
    return {
      key: targetKeyOf(this.host, target, target.environment),
      names: { repository },
    };
  }

  async getState(
    model: EnvironmentTarget,
    { signal }: ProviderContext,
  ): Promise<EnvironmentState> {
    const target = deploymentTargetOf(model);
    const { records } = this.#parts;
    const known = await records.ofEnvironment(
      target,
      target.environment,
      signal,
    );
    for (const deployment of known) {
      const version = versionOf(deployment);
      if (version === null) continue;
      const statuses = await records.statuses(target, deployment.id, signal);
      const ours = deployment.payload.slipway_deployment;
      const succeeded =
        ours !== null
          ? endOf(statuses)?.state === 'success'
          : statuses[0]?.state === 'success';
      if (!succeeded) continue;
      return {
        live: {
          version,
          digest: deployment.payload.digest,
          deploymentId: ours,
        },
        status: 'ready',
        message:
          'GitHub reports a successful deployment. It does not report the state of the server.',
        endpoint: webAddress(
          statuses.find(status => status.environment_url)?.environment_url,
        ),
      };
    }
    return {
      live: null,
      status: 'unknown',
      message: `GitHub has no successful deployment to ${target.environment} with a version.`,
      endpoint: null,
    };
  }

  /**
   * Makes a GitHub Deployment that carries the id, notes in it that the workflow is about to be
   * started, starts it and notes the run: after a crash, the next call resumes at the last note.
   */
  async deploy(
    model: EnvironmentTarget,
    request: DeployRequest,
    { signal }: ProviderContext,
  ): Promise<void> {
    const target = deploymentTargetOf(model);
    const key = keyOf(target, request.deploymentId);
    try {
      await this.#begin.do(key, async () =>
        withUserFacingErrors(async () =>
          beginDeployment(this.#parts, target, request, signal),
        ),
      );
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

  async getAskingRun(
    model: EnvironmentTarget,
    runId: string,
    { signal }: ProviderContext,
  ): Promise<AskingRun> {
    const target = deploymentTargetOf(model);
    return withUserFacingErrors(async () =>
      this.#parts.protection.read(target, attemptOf(runId).id, signal),
    );
  }

  async answerRun(
    model: EnvironmentTarget,
    runId: string,
    answer: RunAnswer,
    { signal }: ProviderContext,
  ): Promise<void> {
    const target = deploymentTargetOf(model);
    return withUserFacingErrors(async () =>
      this.#parts.protection.answer(
        target,
        attemptOf(runId).id,
        answer,
        signal,
      ),
    );
  }

  async #cancel(
    target: DeploymentTarget,
    deploymentId: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { records, runs, cancelRun } = this.#parts;
    const record = await records.find(target, deploymentId, signal);
    if (!record) return;
    const statuses = await records.statuses(target, record.id, signal);
    if (endOf(statuses)) return;
    const run = runOf(statuses);
    if (run !== null) {
      const { run_attempt: attempt } = await runs.latest(target, run, signal);
      await cancelRun(target, { id: run, attempt }, signal);
    } else {
      await records.addStatus(
        target,
        record.id,
        { state: 'error', description: 'Cancelled before it began.' },
        signal,
      );
    }
  }

  async #look(
    target: DeploymentTarget,
    deploymentId: string,
    signal: AbortSignal,
  ): Promise<DeployProgress> {
    const { records, runs } = this.#parts;
    const record = await records.find(target, deploymentId, signal);
    if (!record) return { phase: 'unknown' };
    const statuses = await records.statuses(target, record.id, signal);
    const end = endOf(statuses);
    if (end?.state === 'success') {
      return {
        phase: 'live',
        message: end.description || 'GitHub reports success.',
        at: new Date(end.created_at).toISOString(),
      };
    }
    if (end) {
      return {
        phase: 'failed',
        message: end.description || 'GitHub reports a failure.',
      };
    }
    const id = runOf(statuses);
    // Begun and not started: asked to deploy again, it goes on from here.
    if (id === null) return { phase: 'unknown' };
    const run = await runs.latest(target, id, signal);
    const observed = await runs.observe(target, run, signal);
    const told = tellProgress(
      target,
      tellRun(run, observed),
      // What is no environment's wait is for somebody to allow it.
      observed.waiting?.kind ?? 'person',
      record.payload.version,
    );
    if (told.phase !== 'ended') {
      return {
        ...told,
        runId: runIdOf({ id, attempt: run.run_attempt }),
      };
    }
    await records.addStatus(
      target,
      record.id,
      { state: told.state, description: told.message },
      signal,
    );
    return this.#look(target, deploymentId, signal);
  }
}

function keyOf(
  { owner, repo }: DeploymentTarget,
  deploymentId: string,
): string {
  return `${owner}/${repo}/${deploymentId}`;
}

/** The version that a deployment says; one of somebody else may say it by the tag it deploys. */
function versionOf({ payload, ref }: GithubDeployment): string | null {
  if (payload.version !== null) return payload.version;
  return /^v?\d+\.\d+/.test(ref) ? ref : null;
}

function webAddress(url: string | undefined): string | null {
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? url
    : null;
}
