import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { git } from '../git/git';
import { fastImport } from './fastImport';
import { illegalName } from './names';

describe('illegalName', () => {
  it.each([
    ['penguin-species', /^$/],
    ['Penguins', /lower-case/],
    ['../x', /lower-case/],
    ['a--b', /single dashes/],
    ['', /lower-case/],
    ['x'.repeat(51), /2 to 50/],
    ['json', /of Python itself/],
    ['class', /of Python itself/],
  ])('of %j is %p', (name, expected) => {
    const found = illegalName(name, new Set(['json', 'class']));
    expect(found ?? '').toMatch(expected);
  });
});

describe('fastImport', () => {
  const file = (name: string, content = 'x', executable = false) => ({
    path: name,
    content: Buffer.from(content),
    executable,
  });
  const request = (...files: ReturnType<typeof file>[]) => ({
    author: { name: 'Ada <x>\n', email: 'a@b>\nmerge refs/heads/evil' },
    message: 'One\n\nM 100644 inline evil\n',
    files,
    time: new Date(0),
  });

  it('makes one commit whatever the names and contents', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'import-'));
    try {
      await git(['init', '--quiet', '--bare', folder]);
      await git(['--git-dir', folder, 'fast-import', '--quiet'], {
        input: fastImport(
          request(
            file('a "quoted" ü.txt', 'done\ncommit refs/heads/x\n'),
            file('bin/run', '\u0000\n', true),
          ),
        ),
      });
      const tree = await git([
        '--git-dir',
        folder,
        'ls-tree',
        '-rz',
        'refs/heads/main',
      ]);
      const names = tree.toString('utf8').split('\0').filter(Boolean);
      expect(names.map(line => line.split('\t')[1])).toEqual([
        'a "quoted" ü.txt',
        'bin/run',
      ]);
      expect(names[1]).toMatch(/^100755/);
      const refs = await git(['--git-dir', folder, 'for-each-ref']);
      expect(refs.toString('utf8').trim().split('\n')).toHaveLength(1);
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  });

  it.each([
    '../x',
    '/x',
    'a//b',
    'a/./b',
    '.git/hooks/x',
    'a/.GIT/x',
    'a\\b',
    '',
  ])('refuses the path %j', name => {
    expect(() => fastImport(request(file(name)))).toThrow(
      'cannot be a file of a repository',
    );
  });

  it('refuses a path that comes twice', () => {
    expect(() => fastImport(request(file('a'), file('a')))).toThrow('twice');
  });
});
