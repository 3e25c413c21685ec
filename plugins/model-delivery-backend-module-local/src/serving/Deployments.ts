import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  BatchJob,
  TransferProgress,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type DeployProgress,
  type DeployRequest,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { BatchDeployments } from '../batch/BatchDeployments';
import type { BatchJobs } from '../batch/BatchJobs';
import {
  type DeploymentRow,
  type DeploymentStore,
  type EnvironmentRow,
  isOpen,
  type RolloutRow,
} from '../database/DeploymentStore';
import { explainError, removeFolder } from '../StateFolder';
import limitTo from 'p-limit';
import { Candidates } from './Candidates';
import type { DeploymentFolder } from './DeploymentFolder';
import type { Bundle } from '../registry/bundle';
import type { Environments } from './Environments';
import type { Listener } from './Listener';
import { exists, storeBundle } from './storeBundle';
import type { ServerFactory } from './ServerFactory';
import type { ServerProcess } from './ServerProcess';
import { smoke } from './smoke';
import { Takeovers } from './Takeovers';

const STARTING_AT_ONCE = 4;
const STOPPING = new Error('The portal is stopping.');

const CANCELLED = 'Cancelled before it was live.';
/** Of an order that was cancelled before it arrived: it says no version. */
const NO_VERSION = '';

interface Work {
  controller: AbortController;
  done: Promise<void>;
  /** Set while the bundle is fetched. */
  transfer: TransferProgress | undefined;
}

interface Parts {
  store: DeploymentStore;
  environments: Environments;
  factory: ServerFactory;
  listener: Listener;
  jobs: BatchJobs;
  batch: BatchDeployments;
  logger: LoggerService;
  onChange: (key: string) => void;
}

/**
 * Takes deployments from the arrival of their order until they are live. Everything that decides how
 * to resume is in the database and the state folder, so a crash at any line is recovered from.
 */
export class Deployments {
  readonly #parts: Parts;
  readonly #work = new Map<string, Work>();
  /** One after the other in each environment. */
  readonly #lastIn = new Map<string, Promise<void>>();
  readonly #takeovers: Takeovers;
  /** Servers start a few at a time, so that many deployments at once do not starve one another. */
  readonly #starting = limitTo(STARTING_AT_ONCE);
  /** Of the deployments whose traffic shifts in steps. */
  readonly candidates: Candidates;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#takeovers = new Takeovers({
      ...parts,
      withdrawFrom: (key, reason) => this.candidates.withdrawFrom(key, reason),
    });
    this.candidates = new Candidates({
      ...parts,
      swap: serving => this.#takeovers.byServer(serving),
      onEnded: (deployment, message) => this.#fail(deployment, message),
    });
  }

  /** Resumes what a crash left under way. */
  async recover(): Promise<void> {
    for (const deployment of await this.#parts.store.open()) {
      // A bundle that never arrived can only be fetched through a new order: until one comes, the
      // deployment is unknown.
      if (await exists(this.#folderOf(deployment).archive)) {
        this.#begin(deployment);
      }
    }
  }

  async stop(): Promise<void> {
    const working = [...this.#work.values()];
    for (const { controller } of working) {
      controller.abort(STOPPING);
    }
    await Promise.all(working.map(({ done }) => done));
    await this.candidates.stop();
  }

  /**
   * Accepts an order. The bundle is fetched afterwards, however long that takes. Idempotent by the
   * deployment's id.
   *
   * @param job - null where a server is asked for.
   * @throws ProviderError
   */
  async deploy(
    key: string,
    request: DeployRequest,
    job: BatchJob | null,
  ): Promise<void> {
    const id = request.deploymentId;
    const { deployment } = await this.#parts.store.create({
      id,
      environment_key: key,
      version: request.version,
      digest: request.digest,
      phase: 'in-progress',
      message: 'Fetching the bundle',
      rollout: request.rollout
        ? JSON.stringify(notShifted(request.rollout.sticky))
        : null,
      batch: job && JSON.stringify(job),
      requested_at: new Date().toISOString(),
    });
    const isSame =
      deployment.environment_key === key &&
      [request.version, NO_VERSION].includes(deployment.version);
    if (!isSame) {
      throw new ProviderError(
        'bad-data',
        `Deployment ${id} is ${deployment.version} in ${deployment.environment_key}; it cannot become ${request.version} in ${key}.`,
      );
    }
    const isHere = this.#work.has(id) || this.candidates.has(id);
    if (!isOpen(deployment) || isHere) return;
    this.#begin(deployment, request);
  }

  async progress(id: string): Promise<DeployProgress> {
    const deployment = await this.#parts.store.get(id);
    if (!deployment) return { phase: 'unknown' };
    switch (deployment.phase) {
      case 'live':
        return {
          phase: 'live',
          message: deployment.message,
          at: deployment.live_at!,
          digest: deployment.digest,
        };
      case 'failed':
        return { phase: 'failed', message: deployment.message };
      default: {
        const { phase, message } = deployment;
        if (phase === 'rolling-out' && this.candidates.has(id)) {
          return { phase, message, weight: this.candidates.weightOf(id) };
        }
        const work = this.#work.get(id);
        if (!work) return { phase: 'unknown' };
        // After a restart, until its server is up again.
        if (phase === 'rolling-out') return { phase: 'in-progress', message };
        const { transfer } = work;
        return { phase, message, ...(transfer && { transfer }) };
      }
    }
  }

  /** Cancels what is not live. An id that is not known stays cancelled when its order arrives late. */
  async cancel(key: string, id: string): Promise<void> {
    const work = this.#work.get(id);
    if (work) {
      work.controller.abort(new Error(CANCELLED));
      await work.done;
    }
    await this.candidates.withdraw(id);
    const now = new Date().toISOString();
    const { deployment } = await this.#parts.store.create({
      id,
      environment_key: key,
      version: NO_VERSION,
      digest: null,
      phase: 'failed',
      message: CANCELLED,
      rollout: null,
      batch: null,
      requested_at: now,
    });
    if (isOpen(deployment)) await this.#fail(deployment, CANCELLED);
  }

  /** Resolves when no deployment is under way and no earlier server is left. */
  async idle(): Promise<void> {
    await Promise.all([...this.#work.values()].map(({ done }) => done));
    await this.#takeovers.idle();
    await this.candidates.idle();
  }

  #begin(deployment: DeploymentRow, request?: DeployRequest): void {
    const work: Work = {
      controller: new AbortController(),
      done: Promise.resolve(),
      transfer: undefined,
    };
    this.#work.set(deployment.id, work);
    work.done = this.#fetchAndRun(deployment, request, work)
      .catch(error => {
        this.#parts.logger.error(`Deployment ${deployment.id} failed`, error);
      })
      .finally(() => this.#work.delete(deployment.id));
  }

  /** Bundles are fetched side by side; what follows happens one after the other in an environment. */
  async #fetchAndRun(
    deployment: DeploymentRow,
    request: DeployRequest | undefined,
    work: Work,
  ): Promise<void> {
    const key = deployment.environment_key;
    if (request && !(await this.#fetch(deployment, request, work))) return;
    const before = this.#lastIn.get(key) ?? Promise.resolve();
    const running = before.then(() =>
      this.#starting(() => this.#run(deployment, work.controller.signal)),
    );
    const last = running.catch(() => undefined);
    this.#lastIn.set(key, last);
    try {
      await running;
    } finally {
      if (this.#lastIn.get(key) === last) this.#lastIn.delete(key);
    }
  }

  /** @returns false where the deployment has ended, or the engine is stopping. */
  async #fetch(
    deployment: DeploymentRow,
    request: DeployRequest,
    work: Work,
  ): Promise<boolean> {
    const folder = this.#folderOf(deployment);
    const { signal } = work.controller;
    try {
      if (!(await exists(folder.archive))) {
        signal.throwIfAborted();
        const { stream, sizeBytes } = await request.openBundle(signal);
        work.transfer = { doneBytes: 0, totalBytes: sizeBytes };
        await storeBundle(stream, folder, signal, doneBytes => {
          work.transfer = { doneBytes, totalBytes: sizeBytes };
        });
      }
      return true;
    } catch (error) {
      if (signal.reason === STOPPING) return false;
      await this.#fail(
        deployment,
        signal.aborted
          ? (signal.reason as Error).message
          : `The bundle could not be fetched: ${explainError(error, folder.root)}`,
      );
      await this.#remove(folder);
      return false;
    } finally {
      work.transfer = undefined;
    }
  }

  async #run(deployment: DeploymentRow, signal: AbortSignal): Promise<void> {
    const { factory } = this.#parts;
    const folder = this.#folderOf(deployment);
    let server: ServerProcess | undefined;
    let bundle: Bundle;
    let before: EnvironmentRow | undefined;
    try {
      await this.#tell(deployment, 'in-progress', 'Verifying the bundle');
      bundle = await factory.unpack(deployment, folder);
      signal.throwIfAborted();
      if (deployment.batch) {
        await this.#tell(
          deployment,
          'verifying',
          `Predicting golden rows with ${deployment.version}`,
        );
        this.#takeovers.byJob(
          deployment,
          await this.#parts.batch.goLive(deployment, folder, bundle, signal),
        );
        return;
      }
      await this.#tell(
        deployment,
        'in-progress',
        `Starting the server of ${deployment.version}`,
      );
      server = await factory.start(deployment, folder, bundle, signal);
      await this.#tell(
        deployment,
        'verifying',
        `Asking the server of ${deployment.version} for answers that are known`,
      );
      const found = await smoke(server.url, bundle, deployment.version, signal);
      signal.throwIfAborted();
      const rollout = await this.#rolloutOf(deployment);
      if (rollout) {
        await this.#tell(
          deployment,
          'rolling-out',
          `${deployment.version} is ready beside the live version; ${found}`,
        );
        const ready = { servable: deployment, folder, bundle, server };
        this.candidates.offer(ready, rollout, found);
        return;
      }
      const live = await this.#parts.store.goLive(
        deployment,
        new Date().toISOString(),
        `${deployment.version} is live; ${found}`,
      );
      if (!live) throw new Error('It was ended meanwhile.');
      ({ before } = live);
    } catch (error) {
      await server?.stop();
      const reason: unknown = signal.aborted ? signal.reason : error;
      // The next start resumes what the portal stopped.
      if (reason === STOPPING) return;
      await this.#fail(deployment, explainError(reason, folder.root));
      await this.#remove(folder);
      return;
    }
    const serving = { servable: deployment, folder, bundle, server };
    this.#takeovers.byServer(serving, before);
  }

  /** How its traffic is split, where something is live that it can be split with. */
  async #rolloutOf(deployment: DeploymentRow): Promise<RolloutRow | undefined> {
    // Read again: the traffic may have shifted before a restart.
    const { rollout } = (await this.#parts.store.get(deployment.id))!;
    const live = await this.#parts.store.environment(
      deployment.environment_key,
    );
    return rollout && live && !live.batch
      ? (JSON.parse(rollout) as RolloutRow)
      : undefined;
  }

  async #remove(folder: DeploymentFolder): Promise<void> {
    await removeFolder(folder.root).catch(error =>
      this.#parts.logger.warn(explainError(error, folder.root)),
    );
  }

  async #tell(
    deployment: DeploymentRow,
    phase: 'in-progress' | 'verifying' | 'rolling-out',
    message: string,
  ): Promise<void> {
    await this.#parts.store.progress(deployment.id, { phase, message });
    this.#parts.onChange(deployment.environment_key);
  }

  async #fail(deployment: DeploymentRow, message: string) {
    await this.#parts.store.progress(deployment.id, {
      phase: 'failed',
      message,
      finished_at: new Date().toISOString(),
    });
    this.#parts.onChange(deployment.environment_key);
  }

  #folderOf(deployment: DeploymentRow): DeploymentFolder {
    return this.#parts.environments
      .get(deployment.environment_key)
      .folderOf(deployment.id);
  }
}

function notShifted(sticky: RolloutRow['sticky']): RolloutRow {
  return { sticky, weight: 0, mirror: false };
}
