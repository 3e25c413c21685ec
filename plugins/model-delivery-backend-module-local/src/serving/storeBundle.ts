import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../StateFolder';
import type { DeploymentFolder } from './DeploymentFolder';

/** Writes a bundle as it arrives: whole, or not at all. */
export async function storeBundle(
  stream: Readable,
  folder: DeploymentFolder,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<void> {
  await makeFolder(folder.root);
  const temporary = `${folder.archive}.tmp`;
  let done = 0;
  const counted = async function* count(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      done += chunk.length;
      onBytes(done);
      yield chunk;
    }
  };
  await pipeline(
    stream,
    counted,
    createWriteStream(temporary, { flush: true }),
    {
      signal,
    },
  );
  await fs.rename(temporary, folder.archive);
}

export async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}
