import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { zip } from '../testUtils/zip';
import { unzip } from './unzip';

let folder: string;
beforeEach(async () => {
  folder = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'unzip-')), 'in');
  await fs.mkdir(folder);
});
afterEach(async () => fs.rm(path.dirname(folder), { recursive: true }));

const { signal } = new AbortController();
const unpack = async (archive: Buffer) => unzip(archive, folder, signal);
const neighbours = async () => fs.readdir(path.dirname(folder));

describe('an archive', () => {
  it('is unpacked with its folders', async () => {
    await unpack(
      zip([
        { name: 'junit/', content: '' },
        { name: 'junit/unit.xml', content: '<x/>' },
        { name: 'metrics.json', content: '{}' },
      ]),
    );
    expect(await fs.readFile(path.join(folder, 'junit/unit.xml'), 'utf8')).toBe(
      '<x/>',
    );
    expect(await fs.readFile(path.join(folder, 'metrics.json'), 'utf8')).toBe(
      '{}',
    );
  });

  it.each([
    ['leads out by dots', [{ name: '../evil', content: 'x' }]],
    ['leads out in the middle', [{ name: 'a/../../evil', content: 'x' }]],
    ['names an absolute path', [{ name: '/tmp/evil', content: 'x' }]],
    ['leads out by backslashes', [{ name: '..\\evil', content: 'x' }]],
    [
      'holds a link',
      [{ name: 'link', content: '/etc/passwd', mode: 0o120777 }],
    ],
    ['holds a device', [{ name: 'null', content: '', mode: 0o020666 }]],
    [
      'says a name twice',
      [
        { name: 'a', content: '1' },
        { name: 'a', content: '2' },
      ],
    ],
    ['is a bomb', [{ name: 'zeros', content: Buffer.alloc(8 * 1024 * 1024) }]],
    [
      'holds more than it says',
      [{ name: 'a', content: Buffer.alloc(100_000), claimedSize: 10 }],
    ],
    [
      'holds too much',
      [{ name: 'a', content: 'x', claimedSize: 17 * 1024 * 1024 }],
    ],
    [
      'holds too many files',
      Array.from({ length: 501 }, (_, n) => ({ name: `f${n}`, content: '' })),
    ],
  ])('that %s is refused', async (_, entries) => {
    await expect(unpack(zip(entries))).rejects.toMatchObject({
      name: 'ArchiveError',
    });
    expect(await neighbours()).toEqual(['in']);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is something else', Buffer.from('<h1>Sign in</h1>')],
    ['breaks off', zip([{ name: 'a', content: 'x' }]).subarray(0, 40)],
  ])('that %s is refused', async (_, archive) => {
    await expect(unpack(archive)).rejects.toMatchObject({
      name: 'ArchiveError',
    });
  });
});
