import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';
import { giveUp, say } from './say.mjs';

// Beside what it describes: a folder of modules that is gone takes its mark with it.
const MARK = path.join(ROOT, 'node_modules', '.slipway-installed');

/** Installs the packages where the lockfile is not the one they were installed from. */
export function installPackages(env) {
  const wanted = createHash('sha256')
    .update(fs.readFileSync(path.join(ROOT, 'yarn.lock')))
    .digest('hex');
  if (fs.existsSync(MARK) && fs.readFileSync(MARK, 'utf8') === wanted) return;
  say('Installing packages (about a minute the first time)');
  const { status, stdout, stderr } = spawnSync(
    'yarn',
    ['install', '--immutable'],
    {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    },
  );
  if (status !== 0) {
    giveUp(
      `The packages could not be installed:\n${stdout}${stderr}\nIs a package registry reachable? "npm ping" tells.`,
    );
  }
  fs.writeFileSync(MARK, wanted);
}
