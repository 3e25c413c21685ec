import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../launcher/paths.mjs';

/** The one of the release that backstage.json names. */
const CREATE_APP = '@backstage/create-app@0.9.2';

/** Makes an app as its adopters do, without installing it yet. */
export async function createApp({ app, commands, legacy }) {
  await commands.run(
    path.dirname(app),
    'npx',
    [
      ...['--yes', CREATE_APP, '--path', app, '--skip-install'],
      ...(legacy ? ['--legacy'] : []),
    ],
    { BACKSTAGE_APP_NAME: 'portal' },
  );
  const [ours, theirs] = [release(ROOT), release(app)];
  if (ours !== theirs) {
    throw new Error(
      `${CREATE_APP} makes an app of Backstage ${theirs}, and this is for ${ours}.`,
    );
  }
}

function release(folder) {
  const file = path.join(folder, 'backstage.json');
  return JSON.parse(fs.readFileSync(file, 'utf8')).version;
}
