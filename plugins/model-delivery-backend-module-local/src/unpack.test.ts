import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { unpack } from './unpack';

interface Entry {
  path: string;
  type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'FIFO';
  linkpath?: string;
  content?: string;
}

function archive(entries: Entry[]): Buffer {
  const blocks = entries.flatMap(
    ({ type = 'File', content = '', ...entry }) => {
      const body = Buffer.from(content);
      const header = Buffer.alloc(512);
      new Header({
        ...entry,
        type,
        size: body.length,
        mode: 0o644,
        mtime: new Date(0),
      }).encode(header);
      const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
      return [header, body, padding];
    },
  );
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

describe('unpack', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'unpack-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const into = () => path.join(folder, 'inside');
  const run = (bytes: Buffer, limits?: Parameters<typeof unpack>[2]) =>
    unpack(Readable.from([bytes]), into(), limits);

  it.each([false, true])(
    'unpacks files and inner links (gzip: %p)',
    async gzip => {
      const bytes = archive([
        { path: 'a/b.txt', content: 'hello' },
        { path: 'a/link', type: 'SymbolicLink', linkpath: '../a/b.txt' },
      ]);
      await run(gzip ? gzipSync(bytes) : bytes);
      expect(await fs.readFile(path.join(into(), 'a/link'), 'utf8')).toBe(
        'hello',
      );
    },
  );

  it.each<[string, Entry[], RegExp]>([
    ['a path upwards', [{ path: '../evil' }], /"\.\.\/evil" leads out/],
    ['an inner path upwards', [{ path: 'a/../../evil' }], /leads out/],
    ['an absolute path', [{ path: '/tmp/evil' }], /leads out/],
    [
      'a link upwards',
      [{ path: 'a/l', type: 'SymbolicLink', linkpath: '../../etc' }],
      /The link "a\/l" leads out of its folder/,
    ],
    [
      'an absolute link',
      [{ path: 'l', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
      /leads out/,
    ],
    [
      'a hard link outside',
      [{ path: 'l', type: 'Link', linkpath: '../x' }],
      /leads out/,
    ],
    ['a pipe', [{ path: 'p', type: 'FIFO' }], /is a FIFO/],
  ])('refuses %s', async (_, entries, message) => {
    await expect(
      run(archive([...entries, { path: 'after', content: 'x' }])),
    ).rejects.toThrow(message);
    expect(await fs.readdir(folder)).toEqual(['inside']);
    expect(await fs.readdir(into())).not.toContain('after');
  });

  it('refuses what is too large', async () => {
    await expect(
      run(archive([{ path: 'a', content: 'x'.repeat(100) }]), {
        maxBytes: 10,
        maxEntries: 10,
      }),
    ).rejects.toThrow(/too large/);
  });
});
