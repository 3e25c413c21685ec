import fs from 'node:fs';
import path from 'node:path';

/**
 * create-app of Backstage 1.55. npm has none that is newer, so an app on a newer release starts from
 * this one too.
 */
export const CREATE_APP = '@backstage/create-app@0.9.2';

/** How an app gets the packages of a release line of Backstage. */
export const RELEASES = {
  1.55: resolveBefore(new Date('2026-10-01')),
  newest: resolveNewest,
};

/**
 * Writes the lockfile that an app has that was installed on a day and never upgraded since. The
 * ranges in its package.json files would bring later releases today.
 */
function resolveBefore(day) {
  return async ({ app, commands }) => {
    const file = path.join(app, '.yarnrc.yml');
    const own = fs.readFileSync(file, 'utf8');
    const minutes = Math.floor((Date.now() - day) / 60_000);
    const others = own
      .replace(/^npmMinimalAgeGate:.*\n/m, '')
      .replace(/^npmPreapprovedPackages:\n(\s+-.*\n)+/m, '');
    // All packages but Backstage's own may be of today.
    fs.writeFileSync(
      file,
      `${others}\nnpmMinimalAgeGate: ${minutes}m\nnpmPreapprovedPackages: ['*', '@!(backstage)/*']\n`,
    );
    await commands.run(app, 'yarn', ['install', '--mode=update-lockfile']);
    fs.writeFileSync(file, own);
  };
}

/** Raises the ranges of the app to npm's latest versions, as its owner would. */
async function resolveNewest({ app, commands }) {
  await commands.run(app, 'yarn', [
    ...['up', '@backstage/*', '--mode=update-lockfile'],
  ]);
}
