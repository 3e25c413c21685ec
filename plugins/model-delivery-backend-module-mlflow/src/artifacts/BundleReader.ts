import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { inParallel } from '../api/inParallel';
import { digestArchive, packFolder } from './archive';
import { type ArtifactStore, join } from './ArtifactStore';
import type { BundlePlace } from './findBundle';
import { MANIFEST, verifyBundle } from './manifest';

const AT_ONCE = 4;

export interface BundleLimits {
  maxBytes: number;
  maxFiles: number;
  maxDepth: number;
}

export const BUNDLE_LIMITS: BundleLimits = {
  maxBytes: 4 * 1024 ** 3,
  maxFiles: 10_000,
  maxDepth: 20,
};

/**
 * Hands out bundles that are what was registered. A bundle is fetched to this machine and verified
 * first, so no byte of a wrong one leaves here.
 */
export class BundleReader {
  readonly #store: ArtifactStore;
  readonly #limits: BundleLimits;

  constructor(store: ArtifactStore, limits: BundleLimits = BUNDLE_LIMITS) {
    this.#store = store;
    this.#limits = limits;
  }

  /**
   * @param registered - the digest of its manifest; null where none was registered.
   * @returns a gzipped tar. What goes wrong is the stream's error, a `ProviderError`.
   */
  open(
    place: BundlePlace,
    registered: string | null,
    signal: AbortSignal,
  ): Readable {
    const stream = new PassThrough();
    // Who reads hears of it; who has not begun to read must not bring the process down.
    stream.on('error', () => undefined);
    this.#feed(stream, place, registered, signal).catch(error =>
      stream.destroy(error),
    );
    return stream;
  }

  async #feed(
    stream: PassThrough,
    place: BundlePlace,
    registered: string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'mlflow-bundle-'));
    // A reader that goes away ends the fetching too.
    const left = new AbortController();
    stream.once('close', () => left.abort());
    const either = AbortSignal.any([signal, left.signal]);
    try {
      const verified =
        place.kind === 'archive'
          ? await this.#archive(place, folder, registered, either)
          : await this.#folder(place, folder, registered, either);
      await pipeline(verified, stream, { signal });
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }

  async #archive(
    place: BundlePlace,
    folder: string,
    registered: string | null,
    signal: AbortSignal,
  ): Promise<Readable> {
    const target = path.join(folder, 'bundle.tar.gz');
    await this.#store.download(
      place.path,
      target,
      this.#limits.maxBytes,
      signal,
    );
    const { files, manifest } = await digestArchive(target, this.#limits);
    verifyBundle(files, manifest, registered);
    return createReadStream(target);
  }

  async #folder(
    place: BundlePlace,
    folder: string,
    registered: string | null,
    signal: AbortSignal,
  ): Promise<Readable> {
    const names = (
      await this.#store.walk(place.path, this.#limits, signal)
    ).map(({ name }) => name);
    let left = this.#limits.maxBytes;
    const digests = await inParallel(names, AT_ONCE, async name => {
      const { digest, sizeBytes } = await this.#store.download(
        join(place.path, name),
        path.join(folder, name),
        left,
        signal,
      );
      left -= sizeBytes;
      if (left < 0) {
        throw new ProviderError(
          'bad-data',
          `The bundle has more than ${this.#limits.maxBytes} bytes.`,
        );
      }
      return [name, digest] as const;
    });
    const files = new Map(digests);
    verifyBundle(
      files,
      files.has(MANIFEST)
        ? await fs.readFile(path.join(folder, MANIFEST))
        : null,
      registered,
    );
    return packFolder(folder, names);
  }
}
