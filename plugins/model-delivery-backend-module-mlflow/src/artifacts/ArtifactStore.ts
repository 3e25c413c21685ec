import crypto from 'node:crypto';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { errorOfFailure } from '@slipway/plugin-model-delivery-node/http';
import type { MlflowApi } from '../api/MlflowApi';
import { isPlainName } from './location';

export interface ArtifactFile {
  /** Below the folder that was walked, with slashes. */
  name: string;
  /** Null where the server does not say. */
  sizeBytes: number | null;
}

export interface WalkLimits {
  maxFiles: number;
  maxDepth: number;
}

/** Files that a tracking server hands out, by their path below its artifacts. */
export class ArtifactStore {
  readonly #api: MlflowApi;

  constructor(api: MlflowApi) {
    this.#api = api;
  }

  /** What a folder holds, sorted by name; nothing where there is no such folder. */
  async list(
    folder: string,
    signal: AbortSignal,
  ): Promise<(ArtifactFile & { isFolder: boolean })[]> {
    const files = await this.#api.files(folder, signal);
    return files
      .map(file => ({
        name: path.posix.basename(file.path),
        isFolder: file.is_dir,
        sizeBytes: file.file_size ?? null,
      }))
      .filter(({ name }) => isPlainName(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All files below a folder. @throws ProviderError `bad-data` where they are too many. */
  async walk(
    folder: string,
    limits: WalkLimits,
    signal: AbortSignal,
  ): Promise<ArtifactFile[]> {
    const found: ArtifactFile[] = [];
    const visit = async (below: string, depth: number): Promise<void> => {
      for (const entry of await this.list(join(folder, below), signal)) {
        const name = join(below, entry.name);
        if (!entry.isFolder) found.push({ ...entry, name });
        else if (depth < limits.maxDepth) await visit(name, depth + 1);
        if (found.length > limits.maxFiles) {
          throw new ProviderError(
            'bad-data',
            `${folder} has more than ${limits.maxFiles} files.`,
          );
        }
      }
    };
    await visit('', 1);
    return found;
  }

  /**
   * Copies a file to this machine.
   *
   * @returns its sha256 as `sha256:…` and its size.
   * @throws ProviderError `bad-data` where it is larger than `maxBytes`.
   */
  async download(
    file: string,
    target: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<{ digest: string; sizeBytes: number }> {
    const hash = crypto.createHash('sha256');
    let sizeBytes = 0;
    const { stream } = await this.#api.file(file, signal);
    await fs.mkdir(path.dirname(target), { recursive: true });
    try {
      await pipeline(
        stream,
        new Transform({
          transform: (chunk: Buffer, _encoding, done) => {
            sizeBytes += chunk.length;
            hash.update(chunk);
            done(sizeBytes > maxBytes ? tooLarge(file, maxBytes) : null, chunk);
          },
        }),
        createWriteStream(target),
        { signal },
      );
    } catch (error) {
      throw this.#told(error, signal);
    }
    return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
  }

  /** A text, cut after `maxBytes`. */
  async text(
    file: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<{ text: string; isCut: boolean }> {
    const { stream } = await this.#api.file(file, signal);
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of stream) {
        chunks.push(chunk);
        bytes += chunk.length;
        // Leaving the loop ends the connection.
        if (bytes > maxBytes) break;
      }
    } catch (error) {
      throw this.#told(error, signal);
    }
    return {
      text: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'),
      isCut: bytes > maxBytes,
    };
  }

  #told(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted || error instanceof ProviderError) return error;
    return errorOfFailure(this.#api.title, this.#api.host, error);
  }
}

export function join(...parts: string[]): string {
  return parts.filter(part => part !== '').join('/');
}

function tooLarge(file: string, maxBytes: number): ProviderError {
  return new ProviderError(
    'bad-data',
    `${path.posix.basename(file)} has more than ${maxBytes} bytes.`,
  );
}
