import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanEnvironment } from '../processes/environment';
import { isAlive } from '../processes/identity';
import { killGroup } from '../processes/killGroup';
import type {
  ProcessRecord,
  ProcessRecords,
} from '../processes/ProcessRecords';
import { printable } from '../runner/logFormat';
import { makeFolder } from '../StateFolder';

/** A server that did not come up; the message carries the last it said. */
export class ServerError extends Error {
  readonly name = 'ServerError';
}

export interface ServerLaunch {
  python: string;
  /** The unpacked bundle. */
  bundle: string;
  packageName: string;
  version: string;
  /** Where its output goes, HOME and TMPDIR are. */
  folder: string;
  owner: string;
  extraVariables: readonly string[];
}

const POLL_MS = 50;
const EXIT_POLL_MS = 500;
const LOG_TAIL = 8_192;
const LOG_LIMIT = 4 * 1024 * 1024;
/** Contract: a server exits within 5 s of SIGTERM. */
const DRAIN_MS = 7_000;

/** One model server on loopback: a child of ours, or one adopted from before a restart. */
export class ServerProcess {
  readonly #logFile: string;
  readonly #records: ProcessRecords;
  #child: ChildProcess | undefined;

  private constructor(
    readonly record: ProcessRecord & { port: number },
    logFile: string,
    records: ProcessRecords,
  ) {
    this.#logFile = logFile;
    this.#records = records;
  }

  /** Starts a server. It is not ready yet. @throws ServerError */
  static async start(
    launch: ServerLaunch,
    records: ProcessRecords,
  ): Promise<ServerProcess> {
    const home = path.join(launch.folder, 'home');
    await makeFolder(home);
    const port = await freePort();
    const logFile = path.join(launch.folder, 'server.log');
    // A file and no pipe, so that the server outlives a portal that is killed.
    const log = await open(logFile, 'a', 0o600);
    try {
      const child = spawn(
        launch.python,
        [
          '-m',
          launch.packageName,
          'serve',
          '--model-dir',
          path.join(launch.bundle, 'model'),
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
        ],
        {
          cwd: launch.bundle,
          detached: true,
          stdio: ['ignore', log.fd, log.fd],
          env: {
            ...cleanEnvironment(process.env, launch.extraVariables),
            HOME: home,
            TMPDIR: home,
            PYTHONPATH: path.join(launch.bundle, 'src'),
            PYTHONUNBUFFERED: '1',
            PYTHONDONTWRITEBYTECODE: '1',
            PYTHONNOUSERSITE: '1',
            MODEL_DIR: path.join(launch.bundle, 'model'),
            MODEL_VERSION: launch.version,
          },
        },
      );
      if (child.pid === undefined) {
        const error = await new Promise<Error>(resolve =>
          child.once('error', resolve),
        );
        throw new ServerError(
          `The server could not be started: ${error.message}`,
        );
      }
      child.on('error', () => {});
      const record = records.add(child.pid, {
        kind: 'server',
        owner: launch.owner,
        port,
      });
      const server = new ServerProcess({ ...record, port }, logFile, records);
      server.#child = child;
      // The portal may end without waiting for it.
      child.unref();
      return server;
    } finally {
      await log.close();
    }
  }

  /** Takes over a server that lived on while the portal was down. */
  static adopt(
    record: ProcessRecord & { port: number },
    folder: string,
    records: ProcessRecords,
  ): ServerProcess {
    return new ServerProcess(record, path.join(folder, 'server.log'), records);
  }

  get url(): string {
    return `http://127.0.0.1:${this.record.port}`;
  }

  /** Names one life of one server: its counters began at zero with it. */
  get instance(): string {
    return `${this.record.pid}-${this.record.startedTicks}`;
  }

  alive(): boolean {
    return this.#child
      ? this.#child.exitCode === null && this.#child.signalCode === null
      : isAlive(this.record);
  }

  /** Resolves when it has ended, however it did. */
  async ended(signal: AbortSignal): Promise<void> {
    const child = this.#child;
    if (child) {
      if (!this.alive()) return;
      await new Promise<void>((resolve, reject) => {
        child.once('exit', () => resolve());
        signal.addEventListener('abort', () => reject(signal.reason), {
          once: true,
        });
      });
      return;
    }
    while (this.alive()) await sleep(EXIT_POLL_MS, undefined, { signal });
  }

  /**
   * Waits until it says that it is ready.
   *
   * @throws ServerError with the last lines that it printed.
   */
  async ready(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      signal.throwIfAborted();
      if (!this.alive()) {
        throw new ServerError(
          `The server ended before it was ready. ${await this.lastWords()}`,
        );
      }
      if (await this.answers('/v2/health/ready')) return;
      if (Date.now() > deadline) {
        throw new ServerError(
          `The server was not ready within ${Math.round(
            timeoutMs / 1_000,
          )} s. ${await this.lastWords()}`,
        );
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  /** Whether a GET is answered with 200 within a second. */
  async answers(pathname: string): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}${pathname}`, {
        signal: AbortSignal.timeout(1_000),
      });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  /** Asks it to finish what is in flight, and ends it. */
  async stop(): Promise<void> {
    await killGroup(this.record, DRAIN_MS);
    this.#records.remove(this.record);
  }

  forget(): void {
    this.#records.remove(this.record);
  }

  /** The last lines that it printed, in a sentence. */
  async lastWords(): Promise<string> {
    const handle = await open(this.#logFile, 'r').catch(() => undefined);
    if (!handle) return '';
    try {
      const { size } = await handle.stat();
      const start = Math.max(0, size - LOG_TAIL);
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(LOG_TAIL),
        0,
        LOG_TAIL,
        start,
      );
      const lines = buffer
        .subarray(0, bytesRead)
        .toString('utf8')
        .split('\n')
        .map(line => printable(line).trim())
        .filter(Boolean)
        .slice(-3);
      return lines.length > 0
        ? `Last output: ${lines.join(' | ').slice(0, 600)}`
        : 'It printed nothing.';
    } finally {
      await handle.close();
    }
  }

  /** Keeps the log from growing without end: it is appended to, so it may be emptied. */
  async trimLog(): Promise<void> {
    const stat = await fs.stat(this.#logFile).catch(() => undefined);
    if (stat && stat.size > LOG_LIMIT) await fs.truncate(this.#logFile, 0);
  }
}

/** A port on loopback that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
