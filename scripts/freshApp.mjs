/**
 * Shows that the plugins can be installed: packs them, installs the archives into an app that
 * Backstage's own create-app makes, wires them, and opens the pages on a real MLflow.
 *
 *     npm run fresh-app -- [--backstage 1.55] [--legacy] [--keep]
 *
 * `--backstage` names the release line of the app (`1.55` or `newest`, which is the default),
 * `--legacy` makes an app on the old frontend system, `--keep` leaves its folder, and
 * `UPDATE_PICTURES=1` replaces the picture of the docs.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkEntryPoints } from './freshApp/checkEntryPoints.mjs';
import { checkPackages, readPackages } from './freshApp/packages.mjs';
import { checkCopies, readVersions } from './freshApp/copies.mjs';
import { Commands } from './freshApp/Commands.mjs';
import { writeConfig } from './freshApp/config.mjs';
import { copyTree } from './freshApp/copyTree.mjs';
import { createApp } from './freshApp/createApp.mjs';
import { environment } from './freshApp/environment.mjs';
import { emitDeclarations } from './freshApp/declarations.mjs';
import {
  declarePackages,
  declareResolutions,
} from './freshApp/declarePackages.mjs';
import { lookAtPages } from './freshApp/lookAtPages.mjs';
import { installRbac } from './freshApp/rbac.mjs';
import { MODEL, registerModel } from './freshApp/registerModel.mjs';
import { RELEASES } from './freshApp/releases.mjs';
import { startPortal } from './freshApp/startPortal.mjs';
import { Steps } from './freshApp/Steps.mjs';
import { WIRINGS, linesOf, wire } from './freshApp/wiring.mjs';
import { installPackages } from './launcher/install.mjs';
import { ROOT } from './launcher/paths.mjs';
import { missing } from './launcher/prerequisites.mjs';
import { giveUp, say } from './launcher/say.mjs';
import { startMlflow } from './stack/mlflow.mjs';

const { values: options } = parseArgs({
  options: {
    backstage: { type: 'string', default: 'newest' },
    keep: { type: 'boolean' },
    legacy: { type: 'boolean' },
  },
});
const resolveRelease = RELEASES[options.backstage];
if (!resolveRelease) {
  giveUp(`--backstage is one of ${Object.keys(RELEASES).join(', ')}.`);
}
const lacking = missing();
if (lacking.length > 0) giveUp(lacking);

const env = environment();
installPackages(env);

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => stopping.abort(new Error(`ended by ${name}`)));
}
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-fresh-app-'));
const source = path.join(folder, 'source');
const archives = path.join(folder, 'packages');
const app = path.join(folder, 'app');
const wiring = options.legacy ? WIRINGS.legacy : WIRINGS.new;

const { signal } = stopping;
const steps = new Steps(signal);
const commands = new Commands({ env, folder, signal });
const servers = [];

try {
  await steps.take('copy the working tree', () => copyTree(ROOT, source));
  await steps.take('install its packages', () =>
    commands.run(source, 'yarn', ['install', '--immutable']),
  );
  await steps.take('emit the types of the plugins', () =>
    emitDeclarations(source, commands),
  );
  await steps.take('build the plugins', () =>
    commands.run(source, 'yarn', [
      ...['workspaces', 'foreach', '--all', '--no-private', '--topological'],
      ...['run', 'build'],
    ]),
  );
  const packages = await steps.take('pack them', async () => {
    await commands.run(source, 'yarn', [
      ...['workspaces', 'foreach', '--all', '--no-private', '--parallel'],
      ...['pack', '--out', path.join(archives, '%s-%v.tgz')],
    ]);
    return readPackages(archives);
  });
  await steps.take('check what was packed', () => checkPackages(packages));
  await steps.take('create an app', () =>
    createApp({ app, commands, legacy: options.legacy }),
  );
  const before = await steps.take(
    `resolve Backstage ${options.backstage}`,
    async () => {
      declareResolutions(app);
      await resolveRelease({ app, commands });
      return readVersions(app);
    },
  );
  await steps.take('install into it', () => {
    declarePackages({ app, packages, wanted: wiring.packages });
    return commands.run(app, 'yarn', ['install']);
  });
  await steps.take('look for second copies', () =>
    checkCopies({ app, before, packages }),
  );
  await steps.take('wire it', () => wire(app, wiring));
  await steps.take('check its types', () => commands.run(app, 'yarn', ['tsc']));
  await steps.take('load every entry point', () =>
    checkEntryPoints({ app, packages, commands }),
  );
  const mlflow = await steps.take('start MLflow', async () => {
    const started = await startMlflow({
      directory: path.join(folder, 'mlflow'),
    });
    servers.push(started);
    return started;
  });
  await steps.take('register a model in it', () => registerModel(mlflow.url));
  const { files, url, readiness } = await writeConfig(app, mlflow.url);
  const start = { app, env, readiness, signal };
  const look = { url, model: MODEL, signal };
  const portal = await steps.take('start the app', async () => {
    const started = await startPortal({ ...start, files });
    servers.push(started);
    return started;
  });
  await steps.take('see the model in a browser', () =>
    lookAtPages({
      ...look,
      picture: process.env.UPDATE_PICTURES
        ? path.join(ROOT, 'docs', 'images', 'fresh-app.png')
        : path.join(folder, 'fresh-app.png'),
    }),
  );
  await steps.take('install the RBAC backend', async () => {
    await portal.stop();
    files.push(await installRbac({ app, commands }));
  });
  await steps.take('start the app with it', async () =>
    servers.push(await startPortal({ ...start, files })),
  );
  await steps.take('see the model as its reader', () =>
    lookAtPages({ ...look, picture: path.join(folder, 'rbac.png') }),
  );
} catch (error) {
  steps.fail(error);
} finally {
  await Promise.all(servers.map(server => server.stop()));
  if (options.keep) say(`Kept in ${folder}`);
  else fs.rmSync(folder, { recursive: true, force: true });
}
const lines = linesOf(wiring);
process.stdout.write(
  `\n${steps.summary()}\n\n${lines.length} lines of code:\n${lines.join('\n')}\n`,
);
process.exit(steps.failed ? 1 : 0);
