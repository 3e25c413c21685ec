import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../launcher/paths.mjs';

/** Resolutions of this repository that its Node and its registry make necessary in an app too. */
export function declareResolutions(app) {
  const { resolutions } = read(ROOT);
  change(app, manifest => {
    manifest.resolutions = {
      ...manifest.resolutions,
      // Those of Backstage keep this repository on one copy; an app has its own versions.
      ...Object.fromEntries(
        Object.entries(resolutions).filter(
          ([name]) => !name.startsWith('@backstage/'),
        ),
      ),
    };
  });
}

/**
 * Writes into the app's package.json files what `yarn add` would, and into the root where the
 * archives are, since no registry has them.
 *
 * @param packages - all that were packed.
 * @param wanted - names of packages by the workspace that depends on them.
 */
export function declarePackages({ app, packages, wanted }) {
  const byName = new Map(packages.map(p => [p.manifest.name, p]));
  for (const [workspace, names] of Object.entries(wanted)) {
    declareDependencies(
      path.join(app, workspace),
      Object.fromEntries(
        names.map(name => [name, `^${byName.get(name).manifest.version}`]),
      ),
    );
  }
  change(app, manifest => {
    manifest.resolutions = {
      ...manifest.resolutions,
      ...Object.fromEntries(
        packages.map(({ manifest: { name }, archive }) => [
          name,
          `file:${path.relative(app, archive)}`,
        ]),
      ),
    };
  });
}

/** Adds ranges by the name of their package to the package.json of a folder. */
export function declareDependencies(folder, ranges) {
  change(folder, manifest => Object.assign(manifest.dependencies, ranges));
}

function change(folder, edit) {
  const manifest = read(folder);
  edit(manifest);
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
}

function read(folder) {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
