import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const APP = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../app',
);
const PLUGIN = '@slipway/plugin-model-delivery';
const AT_MOST = 4.5 * 1024;

/** Builds the app as a release is. @returns the bytes of what its page loads at once, by file. */
function build(packages) {
  execFileSync('yarn', ['workspace', 'app', 'build'], {
    cwd: APP,
    env: { ...process.env, APP_CONFIG_app_packages: JSON.stringify(packages) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const page = fs.readFileSync(path.join(APP, 'dist/index.html'), 'utf8');
  const files = page.matchAll(
    /(?:src|href)="[^"]*(static\/[^"]+\.(?:js|css))"/g,
  );
  return new Map(
    [...files].map(([, file]) => [
      file.replace(/\.[0-9a-f]{12}\./, '.'),
      gzipSync(fs.readFileSync(path.join(APP, 'dist', file))).length,
    ]),
  );
}

const total = files => files.values().reduce((sum, size) => sum + size, 0);

// A quick run only shows that the app builds and that its page is read as this file expects.
const quick = process.argv.includes('--quick');
const without = quick ? new Map() : build({ exclude: [PLUGIN] });
// Last, so that what is left behind is whole.
const whole = build('all');
for (const file of new Set([...whole.keys(), ...without.keys()])) {
  const more = (whole.get(file) ?? 0) - (without.get(file) ?? 0);
  if (more !== 0) console.log(`${file}: ${more} bytes`);
}
const more = total(whole) - total(without);
console.log(
  `the built app loads ${more} bytes gzipped more at its start than without us (at most ${AT_MOST}), ${total(whole)} in all`,
);
if (quick && whole.size === 0) throw new Error('The page names no files');
process.exitCode = quick || more <= AT_MOST ? 0 : 1;
