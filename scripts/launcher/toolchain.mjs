import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, STATE } from './paths.mjs';
import { say } from './say.mjs';

const NODE = 'node@24';
const YARN = '@yarnpkg/cli-dist@4.13.0';
const CACHE = path.join(STATE, 'toolchain.json');

/**
 * The PATH under which Node 22 or 24 and Yarn 4 are found. What the machine itself does not have
 * comes from npm's cache; nothing is installed globally.
 */
export function toolchainPath() {
  const cached = readCache();
  if (cached) return `${cached}${path.delimiter}${process.env.PATH}`;
  say('Looking for Node 24 and Yarn 4 (once)');
  const yarn = execFileSync(
    'npx',
    [
      '--yes',
      '--package',
      NODE,
      '--package',
      YARN,
      '--call',
      'command -v yarn',
    ],
    { encoding: 'utf8', cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  )
    .trim()
    .split('\n')
    .at(-1);
  const bin = path.dirname(yarn);
  fs.mkdirSync(STATE, { recursive: true });
  fs.writeFileSync(CACHE, JSON.stringify({ bin, wants: [NODE, YARN] }));
  return `${bin}${path.delimiter}${process.env.PATH}`;
}

function readCache() {
  try {
    const { bin, wants } = JSON.parse(fs.readFileSync(CACHE, 'utf8'));
    const fits = wants.join() === [NODE, YARN].join();
    return fits && fs.existsSync(path.join(bin, 'yarn')) ? bin : null;
  } catch {
    return null;
  }
}
