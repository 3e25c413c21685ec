import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ReadEntry, Unpack } from 'tar';
import { makeFolder } from './StateFolder';

/** An archive that must not be unpacked. */
export class UnsafeArchiveError extends Error {
  readonly name = 'UnsafeArchiveError';
}

export interface UnpackLimits {
  /** Bytes of all files together. */
  maxBytes: number;
  maxEntries: number;
}

const DEFAULT_LIMITS: UnpackLimits = {
  maxBytes: 2 * 1024 * 1024 * 1024,
  maxEntries: 100_000,
};

/**
 * Unpacks a tar archive, gzipped or not, into a folder. Nothing is written outside it: one entry
 * that would leave the folder refuses the whole archive.
 *
 * @throws UnsafeArchiveError that names the entry.
 */
export async function unpack(
  stream: Readable,
  folder: string,
  limits: UnpackLimits = DEFAULT_LIMITS,
): Promise<void> {
  await makeFolder(folder);
  let refused: UnsafeArchiveError | undefined;
  let bytes = 0;
  let entries = 0;
  const accept = (entryPath: string, entry: ReadEntry): boolean => {
    bytes += entry.size;
    entries += 1;
    refused ??=
      refusal(entryPath, entry) ??
      (bytes > limits.maxBytes || entries > limits.maxEntries
        ? new UnsafeArchiveError(
            `The archive is too large: more than ${limits.maxBytes} bytes or ${limits.maxEntries} files.`,
          )
        : undefined);
    return refused === undefined;
  };
  const extraction = new Unpack({
    cwd: folder,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    filter: (entryPath, entry) => accept(entryPath, entry as ReadEntry),
  });
  // Entries that were begun end after the first has failed, and may fail as well.
  extraction.on('error', () => {});
  try {
    await pipeline(stream, extraction);
  } catch (error) {
    throw refused ?? error;
  }
  if (refused) throw refused;
}

function refusal(
  entryPath: string,
  entry: ReadEntry,
): UnsafeArchiveError | undefined {
  const shown = JSON.stringify(entryPath.slice(0, 200));
  if (leaves(entryPath)) {
    return new UnsafeArchiveError(
      `The path ${shown} leads out of its folder; nothing was unpacked from there on.`,
    );
  }
  if (entry.type === 'SymbolicLink' || entry.type === 'Link') {
    const target = entry.linkpath ?? '';
    const from =
      entry.type === 'SymbolicLink' ? path.posix.dirname(entryPath) : '.';
    if (
      path.posix.isAbsolute(target) ||
      leaves(path.posix.join(from, target))
    ) {
      return new UnsafeArchiveError(
        `The link ${shown} leads out of its folder, to ${JSON.stringify(
          target.slice(0, 200),
        )}; remove it from the repository.`,
      );
    }
    return undefined;
  }
  if (
    entry.type !== 'File' &&
    entry.type !== 'OldFile' &&
    entry.type !== 'Directory' &&
    entry.type !== 'ContiguousFile'
  ) {
    return new UnsafeArchiveError(
      `${shown} is a ${entry.type}; only files, folders and links are allowed.`,
    );
  }
  return undefined;
}

function leaves(entryPath: string): boolean {
  if (path.posix.isAbsolute(entryPath) || entryPath.includes('\0')) return true;
  const normal = path.posix.normalize(entryPath);
  return normal === '..' || normal.startsWith('../');
}
