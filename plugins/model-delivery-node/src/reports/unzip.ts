import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

const MAX_FILES = 500;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
/** Text shrinks to a hundredth at best; a bomb to a thousandth. */
const MAX_RATIO = 250;
const SMALL_BYTES = 1024 * 1024;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;

/** An archive that is not unpacked; the message says why. */
export class ArchiveError extends Error {
  readonly name = 'ArchiveError';
}

/**
 * Unpacks plain files below an empty folder. Nothing of a hostile archive leaves the folder, and
 * not much of it stays: an archive that breaks a limit is given up where it does.
 *
 * @throws ArchiveError
 */
export async function unzip(
  archive: Buffer,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  let files = 0;
  let total = 0;
  for await (const { entry, zip } of entriesOf(archive)) {
    signal.throwIfAborted();
    files += 1;
    if (files > MAX_FILES) {
      throw new ArchiveError(`it has more than ${MAX_FILES} files`);
    }
    if (entry.fileName.endsWith('/')) continue;
    const where = targetOf(entry, folder);
    total += entry.uncompressedSize;
    checkSize(entry, total);
    await fs.promises.mkdir(path.dirname(where), { recursive: true });
    // The library ends the stream in an error where the entry holds more than it says.
    await pipeline(
      await open(zip, entry),
      fs.createWriteStream(where, { flags: 'wx', mode: 0o600 }),
      { signal },
    ).catch(error => {
      signal.throwIfAborted();
      throw new ArchiveError(`${quoted(entry)} is broken`, { cause: error });
    });
  }
}

function targetOf(entry: yauzl.Entry, folder: string): string {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR) {
    throw new ArchiveError(`${quoted(entry)} is not a plain file`);
  }
  if (entry.isEncrypted()) {
    throw new ArchiveError(`${quoted(entry)} is encrypted`);
  }
  const where = path.resolve(folder, entry.fileName);
  if (!where.startsWith(path.resolve(folder) + path.sep)) {
    throw new ArchiveError(`${quoted(entry)} leads out of the archive`);
  }
  return where;
}

function checkSize(entry: yauzl.Entry, total: number): void {
  const { uncompressedSize: size, compressedSize: packed } = entry;
  if (size > MAX_FILE_BYTES || total > MAX_BYTES) {
    throw new ArchiveError(
      `it is larger than it may be (${MAX_FILE_BYTES} bytes a file, ${MAX_BYTES} in all)`,
    );
  }
  if (size > SMALL_BYTES && size > packed * MAX_RATIO) {
    throw new ArchiveError(
      `${quoted(entry)} is packed too tightly to be a report`,
    );
  }
}

async function* entriesOf(
  archive: Buffer,
): AsyncGenerator<{ entry: yauzl.Entry; zip: yauzl.ZipFile }> {
  const broken = (cause: unknown) =>
    new ArchiveError('it is not a whole zip archive', { cause });
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(
      archive,
      { lazyEntries: true, strictFileNames: true, validateEntrySizes: true },
      (error, opened) => (error ? reject(broken(error)) : resolve(opened)),
    );
  });
  try {
    for (;;) {
      const entry = await new Promise<yauzl.Entry | undefined>(
        (resolve, reject) => {
          zip.removeAllListeners();
          zip.once('entry', resolve);
          zip.once('end', () => resolve(undefined));
          zip.once('error', error => reject(broken(error)));
          zip.readEntry();
        },
      );
      if (!entry) return;
      yield { entry, zip };
    }
  } finally {
    zip.close();
  }
}

async function open(zip: yauzl.ZipFile, entry: yauzl.Entry) {
  return new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) =>
      error ? reject(error) : resolve(stream),
    );
  });
}

function quoted(entry: yauzl.Entry): string {
  return JSON.stringify(entry.fileName.slice(0, 100));
}
