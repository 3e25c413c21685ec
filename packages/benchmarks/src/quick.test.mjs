import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { scripts } = JSON.parse(
  fs.readFileSync(path.join(FOLDER, 'package.json'), 'utf8'),
);

/** Small sizes, and no limit on speed: a benchmark that no longer runs fails here. */
for (const name of Object.keys(scripts)) {
  test(`the benchmark ${name} runs`, () => {
    const { status, stdout, stderr } = spawnSync(
      'yarn',
      ['run', name, '--quick'],
      { cwd: FOLDER, encoding: 'utf8' },
    );
    if (status !== 0) {
      throw new Error(`It ended with ${status}:\n${stdout}\n${stderr}`);
    }
  });
}
