import fs from 'node:fs';
import path from 'node:path';

/**
 * Loads what the installed backend and common packages export, from where the backend would.
 *
 * @throws Error with what Node said about the first that cannot be loaded.
 */
export async function checkEntryPoints({ app, packages, commands }) {
  const entries = packages
    .filter(({ manifest: { name } }) => isInstalled(app, name))
    .flatMap(({ manifest }) =>
      Object.entries(manifest.exports)
        // Of the frontend, the bundler and the browser tell.
        .filter(([, target]) => target.require)
        .map(([entry]) => `${manifest.name}${entry.slice(1)}`),
    );
  const script = `
    for (const entry of ${JSON.stringify(entries)}) {
      if (Object.keys(require(entry)).length === 0) {
        throw new Error(entry + ' exports nothing');
      }
    }`;
  const backend = path.join(app, 'packages', 'backend');
  await commands.run(backend, 'node', ['--eval', script]);
}

function isInstalled(app, name) {
  return fs.existsSync(path.join(app, 'node_modules', name));
}
