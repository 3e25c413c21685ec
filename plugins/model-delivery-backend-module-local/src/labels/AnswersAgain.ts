import fs from 'node:fs/promises';
import { signature as signatureSchema } from '@slipway/plugin-model-delivery-common/schema';
import {
  type JsonValue,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import limitTo from 'p-limit';
import type { VersionStore } from '../database/VersionStore';
import type { Repositories } from '../git/Repositories';
import { readBundleJson } from '../registry/bundle';
import type { Registry } from '../registry/Registry';
import { DeploymentFolder } from '../serving/DeploymentFolder';
import { inferRequest } from '../serving/inference';
import type { ServerFactory } from '../serving/ServerFactory';
import { makeFolder, removeFolder } from '../StateFolder';
import { rowKey } from '../traffic/rows';
import { readExchange } from './readExchange';
import { trainingRows } from './trainingRows';

type Row = Record<string, JsonValue>;

/** Requests under way to the server. */
const AT_ONCE = 8;
const TIMEOUT_MS = 5_000;

interface Parts {
  registry: Registry;
  versions: VersionStore;
  factory: ServerFactory;
  repositories: Repositories;
  /** Where the server's bundle and output go meanwhile. */
  folder: string;
}

/** Has rows answered by a registered version, in a server of its own that nothing else reaches. */
export class AnswersAgain {
  readonly #parts: Parts;
  /** One server at a time: training and what is live need the machine. */
  readonly #limit = limitTo(1);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @returns for each row the answer; undefined where the version refused it, or was trained on that row.
   * @throws ProviderError `not-found` for a version that this machine did not register.
   * @throws ServerError, BundleError where it does not start.
   */
  async of(
    repository: string,
    version: string,
    rows: Row[],
    signal: AbortSignal,
  ): Promise<(string | number | undefined)[]> {
    return this.#limit(() => this.#ask(repository, version, rows, signal));
  }

  async #ask(
    repository: string,
    version: string,
    rows: Row[],
    signal: AbortSignal,
  ): Promise<(string | number | undefined)[]> {
    signal.throwIfAborted();
    const { registry, versions, factory, repositories } = this.#parts;
    const archive = await registry.bundlePath(repository, version);
    const known = await versions.get(repository, version);
    const id = 'answers';
    const folder = new DeploymentFolder(this.#parts.folder, repository, id);
    const servable = { id, version, digest: known?.version.digest ?? null };
    try {
      await makeFolder(folder.root);
      await fs.copyFile(archive, folder.archive);
      const bundle = await factory.unpack(servable, folder);
      const declared = await readBundleJson(
        bundle.folder,
        'model/signature.json',
        signatureSchema,
      );
      if (!declared) {
        throw new ProviderError(
          'unsupported',
          `The bundle of ${version} has no signature.json, so its inputs are not known.`,
        );
      }
      const commit = known?.version.commit;
      const trained = commit
        ? await trainingRows(repositories, repository, commit, declared)
        : new Set();
      const server = await factory.start(servable, folder, bundle, signal);
      try {
        const url = `${server.url}/v2/models/${encodeURIComponent(bundle.manifest.model)}/infer`;
        const ask = limitTo(AT_ONCE);
        return await Promise.all(
          rows.map(row =>
            trained.has(rowKey(row))
              ? undefined
              : ask(() => post(url, inferRequest(declared, row), signal)),
          ),
        );
      } finally {
        await server.stop();
      }
    } finally {
      await removeFolder(folder.root);
    }
  }
}

async function post(
  url: string,
  request: object,
  signal: AbortSignal,
): Promise<string | number | undefined> {
  const asked = JSON.stringify({ id: 'again', ...request });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: asked,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const body = Buffer.from(await response.arrayBuffer());
  return response.status === 200
    ? readExchange(Buffer.from(asked), body)?.answers[0]
    : undefined;
}
