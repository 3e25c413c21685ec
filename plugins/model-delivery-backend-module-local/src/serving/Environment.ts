import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EnvironmentState } from '@slipway/plugin-model-delivery-node';
import type { ProcessRecord } from '../processes/ProcessRecords';
import type { Bundle } from '../registry/bundle';
import { explainError } from '../StateFolder';
import { DeploymentFolder } from './DeploymentFolder';
import type { Listener } from './Listener';
import type { Servable, ServerFactory } from './ServerFactory';
import type { ServerProcess } from './ServerProcess';
import { servedVersion } from './servedVersion';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A server that lived this long begins with short pauses again. */
const STEADY_MS = 60_000;

export interface Serving {
  servable: Servable;
  folder: DeploymentFolder;
  bundle: Bundle;
  server: ServerProcess;
}

/** What one environment serves: keeps its server up, and swaps it for another's. */
export class Environment {
  readonly #parts: {
    servingFolder: string;
    factory: ServerFactory;
    listener: Listener;
    logger: LoggerService;
    onChange: (key: string) => void;
  };
  #live: Servable | undefined;
  #serving: Serving | undefined;
  #state: Pick<EnvironmentState, 'status' | 'message'> = {
    status: 'starting',
    message: null,
  };
  /** Aborted when what is watched now no longer is to be. */
  #watch = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  /** Earlier servers that still answer their last requests. */
  readonly #draining = new Set<ServerProcess>();

  constructor(
    readonly key: string,
    parts: {
      servingFolder: string;
      factory: ServerFactory;
      listener: Listener;
      logger: LoggerService;
      onChange: (key: string) => void;
    },
  ) {
    this.#parts = parts;
  }

  get current(): Serving | undefined {
    return this.#state.status === 'ready' ? this.#serving : undefined;
  }

  get version(): string | undefined {
    return this.#live?.version;
  }

  status(): Pick<EnvironmentState, 'status' | 'message'> {
    return this.#state;
  }

  folderOf(deploymentId: string): DeploymentFolder {
    return new DeploymentFolder(
      this.#parts.servingFolder,
      this.key,
      deploymentId,
    );
  }

  /** After a portal restart: takes over the server that lived on, or starts it again. */
  recover(
    servable: Servable,
    record: (ProcessRecord & { port: number }) | undefined,
  ): void {
    this.#live = servable;
    this.#parts.listener.remove(
      this.key,
      `${servable.version} is starting again; try in a moment.`,
    );
    this.#watching = this.#run(this.#watch.signal, record).catch(error => {
      if (!this.#watch.signal.aborted) this.#parts.logger.error(error);
    });
  }

  /**
   * Sends new requests to another server at once.
   *
   * @returns what resolves when the earlier server has answered its last request and ended.
   */
  replace(next: Serving): { drained: Promise<void> } {
    const before = this.#serving;
    const old = this.#live && this.folderOf(this.#live.id);
    const wasWatching = this.#watching;
    this.#watch.abort();
    this.#watch = new AbortController();
    this.#live = next.servable;
    this.#serving = next;
    const drain = this.#parts.listener.switchTo(this.key, next.server.url);
    this.#set('ready', null);
    this.#watching = this.#keepUp(this.#watch.signal).catch(() => {});
    if (before) this.#draining.add(before.server);
    const drained = (async () => {
      await wasWatching;
      await drain();
      if (before && before.server !== next.server) {
        await before.server.stop();
      }
      if (before) this.#draining.delete(before.server);
      if (old && old.root !== next.folder.root) {
        await fs.rm(old.root, { recursive: true, force: true });
      }
    })();
    return { drained };
  }

  /**
   * Ends the server: a batch job is live from now on.
   *
   * @param reason - a sentence for who sends requests.
   * @returns what resolves when the server has answered its last request and ended.
   */
  vacate(reason: string): { drained: Promise<void> } {
    const serving = this.#serving;
    const old = this.#live && this.folderOf(this.#live.id);
    const wasWatching = this.#watching;
    this.#watch.abort();
    this.#watch = new AbortController();
    this.#watching = Promise.resolve();
    this.#live = undefined;
    this.#serving = undefined;
    const drain = this.#parts.listener.remove(this.key, reason);
    this.#set('stopped', null);
    if (serving) this.#draining.add(serving.server);
    const drained = (async () => {
      await wasWatching.catch(() => {});
      await drain();
      await serving?.server.stop();
      if (serving) this.#draining.delete(serving.server);
      if (old) await fs.rm(old.root, { recursive: true, force: true });
    })();
    return { drained };
  }

  /** Ends every server, with the portal. */
  async stop(): Promise<void> {
    this.#watch.abort();
    await this.#watching;
    this.#parts.listener.remove(this.key, 'The portal is stopping.');
    const servers = [...this.#draining];
    if (this.#serving) servers.push(this.#serving.server);
    await Promise.all(servers.map(server => server.stop()));
  }

  async #run(
    signal: AbortSignal,
    record: (ProcessRecord & { port: number }) | undefined,
  ): Promise<void> {
    const adopted = record !== undefined && (await this.#adopt(record, signal));
    signal.throwIfAborted();
    if (!adopted) await this.#startAgain(signal);
    await this.#keepUp(signal);
  }

  async #adopt(
    record: ProcessRecord & { port: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    const servable = this.#live!;
    const folder = this.folderOf(servable.id);
    const server = this.#parts.factory.adopt(record, folder);
    try {
      const bundle = await this.#parts.factory.reopen(servable, folder);
      if (
        (await server.answers('/v2/health/ready')) &&
        (await servedVersion(server.url)) === servable.version &&
        !signal.aborted
      ) {
        this.#parts.logger.info(
          `Adopted the server of ${this.key}, ${servable.version}`,
        );
        this.#up({ servable, folder, bundle, server });
        return true;
      }
    } catch (error) {
      this.#parts.logger.warn(
        `Cannot adopt the server of ${this.key}: ${(error as Error).message}`,
      );
    }
    await server.stop();
    return false;
  }

  #up(serving: Serving): void {
    this.#serving = serving;
    this.#parts.listener.switchTo(this.key, serving.server.url);
    this.#set('ready', null);
  }

  /** Starts the live version until it is up, with growing pauses. */
  async #startAgain(signal: AbortSignal, firstPause = 0): Promise<void> {
    const servable = this.#live!;
    const folder = this.folderOf(servable.id);
    for (let pause = firstPause; ; pause = nextPause(pause)) {
      if (pause > 0) await sleep(pause, undefined, { signal });
      try {
        const bundle = await this.#parts.factory.reopen(servable, folder);
        const server = await this.#parts.factory.start(
          servable,
          folder,
          bundle,
          signal,
        );
        if (signal.aborted) await server.stop();
        signal.throwIfAborted();
        this.#up({ servable, folder, bundle, server });
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#set('failing', explainError(error, folder.root));
        this.#parts.listener.remove(
          this.key,
          `The server of ${servable.version} does not start; it is tried again.`,
        );
      }
    }
  }

  /** Starts the server again whenever it ends. Returns when aborted, by throwing. */
  async #keepUp(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const { server, servable } = this.#serving!;
      const since = Date.now();
      await server.ended(signal);
      signal.throwIfAborted();
      server.forget();
      this.#parts.listener.remove(
        this.key,
        `The server of ${servable.version} has ended and is being started again.`,
      );
      this.#set(
        'failing',
        `The server of ${servable.version} ended and is started again. ${await server.lastWords()}`,
      );
      pause =
        Date.now() - since > STEADY_MS ? FIRST_PAUSE_MS : nextPause(pause);
      await this.#startAgain(signal, pause);
    }
  }

  #set(status: EnvironmentState['status'], message: string | null): void {
    this.#state = { status, message };
    if (status === 'failing') {
      this.#parts.logger.warn(`${this.key}: ${message}`);
    }
    this.#parts.onChange(this.key);
  }
}

function nextPause(pause: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pause * 2));
}
