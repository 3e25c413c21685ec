import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  type DeployProgress,
  type DeployRequest,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type {
  DeploymentRow,
  DeploymentStore,
} from '../database/DeploymentStore';
import { explainError, makeFolder, removeFolder } from '../StateFolder';
import type { DeploymentFolder } from './DeploymentFolder';
import type { Bundle } from '../registry/bundle';
import type { Serving } from './Environment';
import type { Environments } from './Environments';
import type { ServerFactory } from './ServerFactory';
import type { ServerProcess } from './ServerProcess';
import { smoke } from './smoke';

const STOPPING = new Error('The portal is stopping.');

interface Work {
  controller: AbortController;
  done: Promise<void>;
}

/**
 * Takes deployments from the arrival of their bundle until they are live. Everything that decides
 * how to go on is in the database and the state folder, so a crash at any line is recovered from.
 */
export class Deployments {
  private readonly arriving = new Map<string, Promise<void>>();
  private readonly work = new Map<string, Work>();
  /** One after the other in each environment. */
  private readonly lastIn = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: {
      store: DeploymentStore;
      environments: Environments;
      factory: ServerFactory;
      logger: LoggerService;
      onChange: (key: string) => void;
    },
  ) {}

  /** Goes on with what a crash left under way. */
  async recover(): Promise<void> {
    for (const deployment of await this.parts.store.open()) {
      if (await exists(this.folderOf(deployment).archive)) {
        this.begin(deployment);
      }
      // Else its bundle never arrived: whoever asked for it finds it unknown, and asks again.
    }
  }

  async stop(): Promise<void> {
    const working = [...this.work.values()];
    for (const { controller } of working) {
      controller.abort(STOPPING);
    }
    await Promise.all(working.map(({ done }) => done));
  }

  /** Idempotent by the deployment's id. @throws ProviderError */
  async deploy(key: string, request: DeployRequest, signal: AbortSignal) {
    const id = request.deploymentId;
    const { deployment } = await this.parts.store.create({
      id,
      environment_key: key,
      version: request.version,
      digest: request.digest,
      phase: 'in-progress',
      message: 'Fetching the bundle',
      requested_at: new Date().toISOString(),
    });
    if (
      deployment.environment_key !== key ||
      deployment.version !== request.version
    ) {
      throw new ProviderError(
        'bad-data',
        `Deployment ${id} is ${deployment.version} in ${deployment.environment_key}; it cannot become ${request.version} in ${key}.`,
      );
    }
    if (!isOpen(deployment) || this.work.has(id)) return;
    let arriving = this.arriving.get(id);
    if (!arriving) {
      arriving = this.receive(deployment, request, signal).finally(() =>
        this.arriving.delete(id),
      );
      this.arriving.set(id, arriving);
    }
    await arriving;
  }

  async progress(id: string): Promise<DeployProgress> {
    const deployment = await this.parts.store.get(id);
    if (!deployment) return { phase: 'unknown' };
    switch (deployment.phase) {
      case 'live':
        return {
          phase: 'live',
          message: deployment.message,
          at: deployment.live_at!,
        };
      case 'failed':
        return { phase: 'failed', message: deployment.message };
      default:
        return this.work.has(id) || this.arriving.has(id)
          ? { phase: deployment.phase, message: deployment.message }
          : { phase: 'unknown' };
    }
  }

  async cancel(id: string): Promise<void> {
    const work = this.work.get(id);
    if (work) {
      work.controller.abort(new Error('Cancelled before it was live.'));
      await work.done;
    }
    const deployment = await this.parts.store.get(id);
    if (deployment && isOpen(deployment)) {
      await this.fail(deployment, 'Cancelled before it was live.');
    }
  }

  /** Resolves when no deployment is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.work.values()].map(({ done }) => done));
  }

  private async receive(
    deployment: DeploymentRow,
    request: DeployRequest,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = this.folderOf(deployment);
    try {
      if (!(await exists(folder.archive))) {
        const { stream } = await request.openBundle();
        await store(stream, folder, signal);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      // Nothing has begun: it is failed here rather than left to be asked for without end.
      await this.fail(
        deployment,
        `The bundle could not be fetched: ${explainError(error, folder.root)}`,
      );
      await this.remove(folder);
      return;
    }
    this.begin(deployment);
  }

  private begin(deployment: DeploymentRow): void {
    const controller = new AbortController();
    const key = deployment.environment_key;
    const before = this.lastIn.get(key) ?? Promise.resolve();
    const done = before
      .then(() => this.run(deployment, controller.signal))
      .catch(error => {
        this.parts.logger.error(`Deployment ${deployment.id} failed`, error);
      })
      .finally(() => {
        this.work.delete(deployment.id);
        if (this.lastIn.get(key) === done) this.lastIn.delete(key);
      });
    this.work.set(deployment.id, { controller, done });
    this.lastIn.set(key, done);
  }

  private async run(
    deployment: DeploymentRow,
    signal: AbortSignal,
  ): Promise<void> {
    const { factory } = this.parts;
    const folder = this.folderOf(deployment);
    let server: ServerProcess | undefined;
    let bundle: Bundle;
    try {
      await this.tell(deployment, 'in-progress', 'Verifying the bundle');
      bundle = await factory.unpack(deployment, folder);
      signal.throwIfAborted();
      await this.tell(
        deployment,
        'in-progress',
        `Starting the server of ${deployment.version}`,
      );
      server = await factory.start(deployment, folder, bundle, signal);
      await this.tell(
        deployment,
        'verifying',
        `Asking the server of ${deployment.version} for answers that are known`,
      );
      const found = await smoke(server.url, bundle, deployment.version, signal);
      signal.throwIfAborted();
      const live = await this.parts.store.goLive(
        deployment,
        new Date().toISOString(),
        `${deployment.version} is live; ${found}`,
      );
      if (!live) throw new Error('It was ended meanwhile.');
    } catch (error) {
      await server?.stop();
      const reason: unknown = signal.aborted ? signal.reason : error;
      // What the portal stopped is gone on with when it starts again.
      if (reason === STOPPING) return;
      await this.fail(deployment, explainError(reason, folder.root));
      await this.remove(folder);
      return;
    }
    await this.swap({ servable: deployment, folder, bundle, server });
  }

  /** Sends requests to what is live now. Whatever becomes of the earlier server, this one stays. */
  private async swap(serving: Serving & { servable: DeploymentRow }) {
    const key = serving.servable.environment_key;
    const { drained } = this.parts.environments.get(key).replace(serving);
    this.parts.onChange(key);
    // The next deployment here waits until the earlier server is gone.
    await drained.catch(error =>
      this.parts.logger.warn(
        `What ${key} served before could not be cleared away: ${error}`,
      ),
    );
  }

  private async remove(folder: DeploymentFolder): Promise<void> {
    await removeFolder(folder.root).catch(error =>
      this.parts.logger.warn(explainError(error, folder.root)),
    );
  }

  private async tell(
    deployment: DeploymentRow,
    phase: 'in-progress' | 'verifying',
    message: string,
  ): Promise<void> {
    await this.parts.store.progress(deployment.id, { phase, message });
    this.parts.onChange(deployment.environment_key);
  }

  private async fail(deployment: DeploymentRow, message: string) {
    await this.parts.store.progress(deployment.id, {
      phase: 'failed',
      message,
      finished_at: new Date().toISOString(),
    });
    this.parts.onChange(deployment.environment_key);
  }

  private folderOf(deployment: DeploymentRow): DeploymentFolder {
    return this.parts.environments
      .get(deployment.environment_key)
      .folderOf(deployment.id);
  }
}

function isOpen({ phase }: DeploymentRow): boolean {
  return phase === 'in-progress' || phase === 'verifying';
}

async function store(
  stream: Readable,
  folder: DeploymentFolder,
  signal: AbortSignal,
): Promise<void> {
  await makeFolder(folder.root);
  const temporary = `${folder.archive}.tmp`;
  await pipeline(stream, createWriteStream(temporary, { flush: true }), {
    signal,
  });
  await fs.rename(temporary, folder.archive);
}

async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}
