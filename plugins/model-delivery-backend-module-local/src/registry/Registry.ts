import crypto from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  Evidence,
  EvidenceOf,
} from '@slipway/plugin-model-delivery-common';
import { signature } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { RunRow } from '../database/RunStore';
import type { VersionBody, VersionStore } from '../database/VersionStore';
import type { Repositories } from '../git/Repositories';
import { type RunFolder, makeFolder, removeFolder } from '../StateFolder';
import { openBundle, paramsSchema, readBundleJson } from './bundle';
import { flattenParams } from './flattenParams';

const CARD_LIMIT = 512 * 1024;
const EXTRA_LIMIT = 4 * 1024 * 1024;

/**
 * Immutable versions: a row each, and a folder each with the bundle. What is registered is what
 * was verified: the manifest's digest and every file's are computed here, not believed.
 */
export class Registry {
  readonly #folder: string;
  readonly #versions: VersionStore;
  readonly #repositories: Repositories;

  constructor(
    folder: string,
    versions: VersionStore,
    repositories: Repositories,
  ) {
    this.#folder = folder;
    this.#versions = versions;
    this.#repositories = repositories;
  }

  /**
   * Registers what a run has packaged, once: a run that registered already is answered with its
   * version.
   *
   * @param reasons - why its gates said no; empty where they did not.
   * @throws BundleError, UnsafeArchiveError
   */
  async register(
    run: RunRow & { model_version: string },
    files: RunFolder,
    evidence: Evidence[],
    reasons: string[],
    createdAt: string,
  ): Promise<VersionBody> {
    const already = await this.#versions.ofRun(run.id);
    if (already) {
      return (await this.#versions.get(run.repository, already))!.version;
    }
    const bundleFile = path.join(files.artifacts, 'model.tar.gz');
    const scratch = path.join(files.work, 'register');
    await fs.rm(scratch, { recursive: true, force: true });
    const target = this.#versionFolder(run.repository, run.model_version);
    const staging = `${target}.${run.id}.tmp`;
    try {
      const bundle = await openBundle(createReadStream(bundleFile), scratch);
      await fs.rm(staging, { recursive: true, force: true });
      await makeFolder(staging);
      const stored = await copyWithDigest(
        bundleFile,
        path.join(staging, 'model.tar.gz'),
      );
      await this.#keepSelection(files, staging);
      const card = await readCard(files.reports);
      const body: VersionBody = {
        version: run.model_version,
        status: reasons.length > 0 ? 'rejected' : 'registered',
        reasons,
        commit: run.commit,
        commitMessage: run.commit_message,
        author: run.author,
        createdAt,
        committedAt: await this.#committedAt(run),
        digest: bundle.digest,
        artifactUri: null,
        datasetDigest: bundle.manifest.dataset?.digest ?? null,
        datasetName: bundle.manifest.dataset?.name ?? null,
        datasetRows: bundle.manifest.dataset?.rows ?? null,
        sizeBytes: stored.size,
        metrics:
          evidence.find(
            (item): item is EvidenceOf<'metrics'> => item.kind === 'metrics',
          )?.metrics ?? [],
        params: flattenParams(
          (await readBundleJson(scratch, 'model/params.json', paramsSchema)) ??
            {},
        ),
        runId: run.id,
        hasCard: card !== null,
        url: null,
      };
      const declared = await readBundleJson(
        scratch,
        'model/signature.json',
        signature,
      );
      // A folder of a version that no row names is left from a crash.
      await fs.rm(target, { recursive: true, force: true });
      await fs.rename(staging, target);
      const inserted = await this.#versions.insert({
        repository: run.repository,
        body,
        bundleDigest: stored.digest,
        card,
        signature: declared,
      });
      if (!inserted) {
        throw new Error(
          `Version ${run.model_version} of ${run.repository} is registered already.`,
        );
      }
      return body;
    } finally {
      await removeFolder(scratch);
      await removeFolder(staging);
    }
  }

  async #committedAt(run: RunRow): Promise<string> {
    const { time } = await this.#repositories.commit(
      run.repository,
      run.commit,
    );
    return new Date(time * 1000).toISOString();
  }

  /** Names the commit in Git by the version that was made from it. Idempotent. */
  async tag(repository: string, version: string, commit: string) {
    await this.#repositories.tag(repository, `v${version}`, commit);
  }

  /** Where the bundle of a version is. @throws ProviderError `not-found` */
  async bundlePath(repository: string, version: string): Promise<string> {
    await this.get(repository, version);
    const file = path.join(
      this.#versionFolder(repository, version),
      'model.tar.gz',
    );
    await fs.access(file).catch(() => {
      throw new ProviderError(
        'not-found',
        `The bundle of ${repository} ${version} is no longer on this machine.`,
      );
    });
    return file;
  }

  /**
   * Opens a bundle. The stream errors at its end where the bytes are not those registered.
   *
   * @throws ProviderError `not-found`
   */
  async openBundle(
    repository: string,
    version: string,
    signal?: AbortSignal,
  ): Promise<{ stream: Readable; sizeBytes: number }> {
    const { bundleDigest } = await this.get(repository, version);
    const file = await this.bundlePath(repository, version);
    const { size } = await fs.stat(file);
    const stream = new PassThrough();
    // A failure reaches the reader as the error of its stream.
    pipeline(
      createReadStream(file),
      digestCheck(bundleDigest, version),
      stream,
      {
        signal,
      },
    ).catch(error => stream.destroy(error));
    return { stream, sizeBytes: size };
  }

  /** @throws ProviderError `not-found` */
  async get(repository: string, version: string) {
    const found = await this.#versions.get(repository, version);
    if (!found) {
      throw new ProviderError(
        'not-found',
        `${repository} has no version ${version}.`,
      );
    }
    return found;
  }

  /**
   * Puts the artifacts of a version back where its run had them, so that it can be judged again.
   *
   * @throws ProviderError `not-found`, BundleError
   */
  async restoreArtifacts(
    repository: string,
    version: string,
    artifacts: string,
  ): Promise<void> {
    const { version: known } = await this.get(repository, version);
    const { stream } = await this.openBundle(repository, version);
    const selected = path.join(artifacts, 'selected');
    await fs.rm(selected, { recursive: true, force: true });
    await openBundle(stream, selected, known.digest);
    // What the verbs find beside the model is the model alone; the code is the checkout's.
    for (const name of ['src', 'requirements.lock', 'release.json']) {
      await fs.rm(path.join(selected, name), { recursive: true, force: true });
    }
    await fs.cp(
      path.join(this.#versionFolder(repository, version), 'selection'),
      selected,
      { recursive: true },
    );
  }

  #versionFolder(repository: string, version: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/.test(version)) {
      throw new ProviderError(
        'not-found',
        `${JSON.stringify(version.slice(0, 80))} is no version of ${repository}.`,
      );
    }
    return path.join(this.#folder, repository, version);
  }

  /** Keeps what `select` wrote beside the model, which the bundle leaves out. */
  async #keepSelection(files: RunFolder, staging: string) {
    const target = path.join(staging, 'selection');
    await makeFolder(target);
    const selected = path.join(files.artifacts, 'selected');
    const entries = await fs
      .readdir(selected, { withFileTypes: true })
      .catch(() => []);
    for (const entry of entries) {
      const file = path.join(selected, entry.name);
      if (
        entry.isFile() &&
        entry.name !== 'manifest.json' &&
        (await fs.stat(file)).size <= EXTRA_LIMIT
      ) {
        await fs.copyFile(file, path.join(target, entry.name));
      }
    }
  }
}

async function readCard(reports: string): Promise<string | null> {
  const file = path.join(reports, 'MODEL_CARD.md');
  const stat = await fs.lstat(file).catch(() => undefined);
  if (!stat?.isFile()) return null;
  const text = (await fs.readFile(file)).subarray(0, CARD_LIMIT);
  return stat.size > CARD_LIMIT
    ? `${text.toString('utf8')}\n\n*The card is cut here: it has ${stat.size} bytes.*\n`
    : text.toString('utf8');
}

async function copyWithDigest(
  from: string,
  to: string,
): Promise<{ digest: string; size: number }> {
  const hash = crypto.createHash('sha256');
  let size = 0;
  await pipeline(
    createReadStream(from),
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    }),
    createWriteStream(to, { mode: 0o400, flush: true }),
  );
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

function digestCheck(expected: string, version: string): Transform {
  const hash = crypto.createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const found = `sha256:${hash.digest('hex')}`;
      done(
        found === expected
          ? null
          : new ProviderError(
              'bad-data',
              `The bundle of ${version} is not the one that was registered: its digest is ${found}, not ${expected}.`,
            ),
      );
    },
  });
}
