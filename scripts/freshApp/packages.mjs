import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * The archives of a folder.
 *
 * @returns for each its `archive`, its `manifest` (package.json) and the names of its `files`.
 */
export function readPackages(folder) {
  return fs
    .readdirSync(folder)
    .filter(name => name.endsWith('.tgz'))
    .map(name => {
      const archive = path.join(folder, name);
      return {
        archive,
        manifest: JSON.parse(tar(['-xzOf', archive, 'package/package.json'])),
        files: tar(['-tzf', archive])
          .split('\n')
          .map(file => file.replace(/^package\//, './')),
      };
    });
}

/** @throws Error that names all that nobody could install or import. */
export function checkPackages(packages) {
  const problems = packages.flatMap(({ manifest, files }) =>
    [...missingTargets(manifest, files), ...localRanges(manifest)].map(
      problem => `${manifest.name}: ${problem}`,
    ),
  );
  if (packages.length === 0) problems.push('no package was packed');
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function missingTargets(manifest, files) {
  const { main, types, configSchema } = manifest;
  const named = [main, types, ...targets(manifest.exports)];
  if (typeof configSchema === 'string') named.push(configSchema);
  return named
    .filter(Boolean)
    .map(target => `./${path.posix.normalize(target)}`)
    .filter(target => !files.includes(target))
    .map(target => `${target} is named but not packed`);
}

function targets(entry) {
  if (typeof entry === 'string') return entry.startsWith('.') ? [entry] : [];
  return Object.values(entry ?? {}).flatMap(targets);
}

function localRanges({ dependencies, peerDependencies }) {
  return Object.entries({ ...dependencies, ...peerDependencies })
    .filter(([, range]) => /^(workspace|file|link|portal):/.test(range))
    .map(([name, range]) => `depends on ${name} at ${range}`);
}

function tar(args) {
  return execFileSync('tar', args, { encoding: 'utf8' });
}
