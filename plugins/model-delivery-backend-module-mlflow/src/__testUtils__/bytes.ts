import { createGzip } from 'node:zlib';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { create, Parser, type ReadEntry } from 'tar';

export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A gzipped tar of these files. */
export async function archiveOf(
  files: Record<string, string>,
): Promise<Buffer> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'archive-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    }
    const packed = create({ cwd: folder, portable: true }, Object.keys(files));
    return await readAll(
      Readable.from(packed as never).pipe(createGzip()) as never,
    );
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** The files of a tar, by name. */
export async function filesOf(
  archive: Buffer,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry: ReadEntry) => {
    let content = '';
    entry.on('data', chunk => {
      content += chunk;
    });
    entry.on('end', () => {
      files[entry.path] = content;
    });
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('end', () => resolve());
    parser.on('error', reject);
    parser.end(archive);
  });
  return files;
}
