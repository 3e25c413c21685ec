import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../launcher/paths.mjs';

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
    change(path.join(app, workspace), manifest => {
      for (const name of names) {
        manifest.dependencies[name] = `^${byName.get(name).manifest.version}`;
      }
    });
  }
  change(app, manifest => {
    manifest.resolutions = {
      ...manifest.resolutions,
      // What this machine's Node and the registry make necessary here is so there too.
      ...read(ROOT).resolutions,
      ...Object.fromEntries(
        packages.map(({ manifest: { name }, archive }) => [
          name,
          `file:${path.relative(app, archive)}`,
        ]),
      ),
    };
  });
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
