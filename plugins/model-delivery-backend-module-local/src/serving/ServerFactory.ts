import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import type {
  ProcessRecord,
  ProcessRecords,
} from '../processes/ProcessRecords';
import {
  type Bundle,
  BundleError,
  openBundle,
  verifyBundle,
} from '../registry/bundle';
import type { PythonEnvironments } from '../runner/PythonEnvironments';
import type { DeploymentFolder } from './DeploymentFolder';
import { ServerProcess } from './ServerProcess';

const READY_TIMEOUT_MS = 60_000;

/** A deployment, as far as making its server goes. */
export interface Servable {
  id: string;
  version: string;
  digest: string | null;
}

interface Parts {
  environments: PythonEnvironments;
  records: ProcessRecords;
  extraVariables: readonly string[];
  readyTimeoutMs?: number;
}

/** Makes servers out of bundles. */
export class ServerFactory {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Unpacks and verifies a bundle. @throws BundleError, UnsafeArchiveError */
  async unpack(servable: Servable, folder: DeploymentFolder): Promise<Bundle> {
    await fs.rm(folder.bundle, { recursive: true, force: true });
    return await openBundle(
      createReadStream(folder.archive),
      folder.bundle,
      servable.digest,
    );
  }

  /** Verifies what was unpacked before; unpacks it again where it is not whole. */
  async reopen(servable: Servable, folder: DeploymentFolder): Promise<Bundle> {
    try {
      return await verifyBundle(folder.bundle, servable.digest);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      return await this.unpack(servable, folder);
    }
  }

  /**
   * Starts a server and waits until it is ready.
   *
   * @throws ServerError, EnvironmentError; nothing is left running then.
   */
  async start(
    servable: Servable,
    folder: DeploymentFolder,
    bundle: Bundle,
    signal: AbortSignal,
  ): Promise<ServerProcess> {
    const server = await ServerProcess.start(
      {
        python: await this.#parts.environments.interpreter(bundle.folder),
        bundle: bundle.folder,
        packageName: bundle.manifest.package,
        version: servable.version,
        folder: folder.root,
        owner: servable.id,
        extraVariables: this.#parts.extraVariables,
      },
      this.#parts.records,
    );
    try {
      await server.ready(
        this.#parts.readyTimeoutMs ?? READY_TIMEOUT_MS,
        signal,
      );
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  adopt(
    record: ProcessRecord & { port: number },
    folder: DeploymentFolder,
  ): ServerProcess {
    return ServerProcess.adopt(record, folder.root, this.#parts.records);
  }
}
