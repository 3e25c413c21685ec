import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { create } from 'tar';
import { digestArchive } from './archive';

describe('an archive', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'archive-test-'));
    await fs.mkdir(path.join(folder, 'in/model'), { recursive: true });
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const digest = async (
    limits = { maxBytes: 1_000_000, maxFiles: 10 },
    names = ['.'],
  ) => {
    const file = path.join(folder, 'bundle.tar.gz');
    await create({ cwd: path.join(folder, 'in'), file, gzip: true }, names);
    return await digestArchive(file, limits);
  };
  const write = (name: string, content: string) =>
    fs.writeFile(path.join(folder, 'in', name), content);

  it('is known by its files, however their paths begin', async () => {
    await write('manifest.json', '{}');
    await write('model/a', 'a');
    const { files, manifest } = await digest();
    expect([...files.keys()].sort()).toEqual(['manifest.json', 'model/a']);
    expect(manifest?.toString()).toBe('{}');
  });

  it('is refused with a link in it', async () => {
    await fs.symlink('/etc/passwd', path.join(folder, 'in/model/link'));
    await expect(digest()).rejects.toMatchObject({
      kind: 'bad-data',
      message: expect.stringContaining('model/link in it is a SymbolicLink'),
    });
  });

  it('is refused with more files or bytes than are allowed', async () => {
    await write('a', 'x');
    await write('b', 'x');
    await expect(
      digest({ maxBytes: 1_000_000, maxFiles: 1 }),
    ).rejects.toMatchObject({ kind: 'bad-data' });
    // Small until it is unpacked.
    await write('zeros', '\0'.repeat(500_000));
    await expect(
      digest({ maxBytes: 400_000, maxFiles: 10 }),
    ).rejects.toMatchObject({ kind: 'bad-data' });
  });

  it('is refused where it ends too early', async () => {
    await write('a', 'x'.repeat(100_000));
    const file = path.join(folder, 'bundle.tar.gz');
    await create({ cwd: path.join(folder, 'in'), file, gzip: true }, ['a']);
    await fs.truncate(file, 100);
    await expect(
      digestArchive(file, { maxBytes: 1_000_000, maxFiles: 10 }),
    ).rejects.toMatchObject({ kind: 'bad-data' });
  });
});
