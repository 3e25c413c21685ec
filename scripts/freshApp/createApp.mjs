import path from 'node:path';
import { CREATE_APP } from './releases.mjs';

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
}
