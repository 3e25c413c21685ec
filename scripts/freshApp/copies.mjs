import fs from 'node:fs';
import path from 'node:path';

const ENTRY = /^"(@backstage\/[^@]+)@npm:[^\n]*:\n {2}version: (\S+)/gm;

/**
 * The versions of Backstage's packages in a lockfile of Yarn.
 *
 * @returns a map from the name of a package to the set of its versions.
 */
export function backstageVersions(lockfile) {
  const versions = new Map();
  for (const [, name, version] of lockfile.matchAll(ENTRY)) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return versions;
}

/** Names each package of which our packages brought one more version than the app had. */
export function secondCopies(before, after) {
  return [...after].flatMap(([name, versions]) => {
    const had = before.get(name);
    const added = [...versions].filter(version => !had?.has(version));
    const extra = had ? added : added.slice(1);
    return extra.map(
      version =>
        `${name}: ${version} beside ${[...(had ?? added.slice(0, 1))].join(', ')}`,
    );
  });
}

/**
 * @param before - what `backstageVersions` returned before our packages were installed.
 * @throws Error that names each second copy of a Backstage package.
 */
export function checkCopies({ app, before, packages }) {
  const copies = secondCopies(before, readVersions(app));
  for (const { manifest } of packages) {
    const nested = path.join(
      ...[app, 'node_modules', manifest.name, 'node_modules', '@backstage'],
    );
    if (!fs.existsSync(nested)) continue;
    copies.push(
      ...fs
        .readdirSync(nested)
        .map(
          name => `@backstage/${name}: a copy of its own in ${manifest.name}`,
        ),
    );
  }
  if (copies.length > 0) {
    throw new Error(`Second copies were installed:\n${copies.join('\n')}`);
  }
}

/** The versions of Backstage's packages in the lockfile of an app. */
export function readVersions(app) {
  return backstageVersions(
    fs.readFileSync(path.join(app, 'yarn.lock'), 'utf8'),
  );
}
