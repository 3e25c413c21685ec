import path from 'node:path';
import { startServerProcess } from '../stack/serverProcess.mjs';

const TIMEOUT_MS = 5 * 60_000;

/**
 * Starts the app's frontend and backend, as its `yarn start` does.
 *
 * @param files - of configuration.
 * @param readiness - addresses that answer once all is up.
 * @param signal - aborted, the wait ends.
 * @returns how to end it.
 */
export async function startPortal({ app, files, readiness, env, signal }) {
  return await startServerProcess({
    command: 'yarn',
    args: ['start', ...files.flatMap(file => ['--config', file])],
    cwd: app,
    env,
    log: path.join(app, 'portal.log'),
    isReady: async () => signal.aborted || (await allAnswer(readiness)),
    timeoutMs: TIMEOUT_MS,
  });
}

async function allAnswer(addresses) {
  const answers = await Promise.all(
    addresses.map(address =>
      fetch(address, { signal: AbortSignal.timeout(5_000) }),
    ),
  );
  return answers.every(answer => answer.ok);
}
