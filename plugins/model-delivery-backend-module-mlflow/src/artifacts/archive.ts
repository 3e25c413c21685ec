import crypto from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { create, Parser, type ReadEntry } from 'tar';
import { type FileDigests, MANIFEST } from './manifest';

const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

export interface ArchiveLimits {
  /** Of all files together, unpacked. */
  maxBytes: number;
  maxFiles: number;
}

/**
 * Reads a tar archive, gzipped or not, without unpacking it.
 *
 * @throws ProviderError `bad-data` where it holds anything but files and folders, or too much.
 */
export async function digestArchive(
  file: string,
  limits: ArchiveLimits,
): Promise<{ files: FileDigests; manifest: Buffer | null }> {
  const files = new Map<string, string>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let refused: ProviderError | undefined;
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry: ReadEntry) => {
    const name = entry.path.replace(/^\.\//, '').replace(/\/$/, '');
    bytes += entry.size;
    refused ??= refusal(name, entry, files.size, bytes, limits);
    if (refused) {
      entry.resume();
      parser.abort(refused);
      return;
    }
    const hash = crypto.createHash('sha256');
    entry.on('data', chunk => {
      hash.update(chunk);
      if (name === MANIFEST) chunks.push(Buffer.from(chunk));
    });
    entry.on('end', () => {
      if (entry.type === 'Directory') return;
      files.set(name, `sha256:${hash.digest('hex')}`);
    });
  });
  try {
    await pipeline(createReadStream(file), parser);
  } catch (error) {
    throw refused ?? damaged((error as Error).message);
  }
  if (refused) throw refused;
  return {
    files,
    manifest: files.has(MANIFEST) ? Buffer.concat(chunks) : null,
  };
}

/** A folder as a gzipped tar, the same bytes for the same files. */
export function packFolder(folder: string, files: string[]): Readable {
  return create(
    {
      cwd: folder,
      gzip: { level: 6 },
      portable: true,
      noMtime: true,
      strict: true,
    },
    [...files].sort(),
  ) as unknown as Readable;
}

function refusal(
  name: string,
  entry: ReadEntry,
  count: number,
  bytes: number,
  limits: ArchiveLimits,
): ProviderError | undefined {
  if (
    !['File', 'OldFile', 'ContiguousFile', 'Directory'].includes(entry.type)
  ) {
    return damaged(`${name.slice(0, 200)} in it is a ${entry.type}`);
  }
  if (count >= limits.maxFiles || bytes > limits.maxBytes) {
    return damaged(
      `it has more than ${limits.maxFiles} files or ${limits.maxBytes} bytes`,
    );
  }
  if (name === MANIFEST && entry.size > MAX_MANIFEST_BYTES) {
    return damaged(`its ${MANIFEST} has ${entry.size} bytes`);
  }
  return undefined;
}

function damaged(reason: string): ProviderError {
  return new ProviderError(
    'bad-data',
    `The bundle cannot be used: ${reason.replace(/\s+/g, ' ').slice(0, 300)}.`,
  );
}
