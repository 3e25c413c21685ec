import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const LIST_BYTES = 64 * 1024 * 1024;

/**
 * Copies what Git keeps or would keep of a working tree, so that what is built there litters
 * nobody's.
 */
export function copyTree(from, to) {
  const names = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: from, encoding: 'utf8', maxBuffer: LIST_BYTES },
  ).split('\0');
  for (const name of new Set(names)) {
    const file = path.join(from, name);
    // One that was removed is listed until that is committed.
    if (name === '' || !fs.existsSync(file)) continue;
    const copy = path.join(to, name);
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.copyFileSync(file, copy);
  }
}
