import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { endRecordedProcesses, signal } from './launcher/childProcesses.mjs';
import { installPackages } from './launcher/install.mjs';
import { ROOT, STATE } from './launcher/paths.mjs';
import { ports, takenPorts } from './launcher/ports.mjs';
import { missing } from './launcher/prerequisites.mjs';
import { giveUp, say } from './launcher/say.mjs';
import { toolchainPath } from './launcher/toolchain.mjs';

const READY_WITHIN_MS = 5 * 60_000;

const lacking = missing();
if (lacking.length > 0) giveUp(lacking);
const taken = await takenPorts();
if (taken.length > 0) giveUp(taken);
try {
  fs.mkdirSync(path.join(STATE, 'db'), { recursive: true });
  fs.accessSync(STATE, fs.constants.W_OK);
} catch (error) {
  giveUp(
    `The state folder ${STATE} cannot be written (${error.code}): make it writable, or set SLIPWAY_STATE to another folder.`,
  );
}

const env = {
  ...process.env,
  PATH: toolchainPath(),
  SLIPWAY_STATE: STATE,
  NODE_OPTIONS: process.env.NODE_OPTIONS ?? '',
};
installPackages(env);

const log = fs.openSync(path.join(STATE, 'portal.log'), 'w');
const verbose = process.argv.includes('--verbose');
say('Starting the portal');
const portal = spawn(
  'yarn',
  ['backstage-cli', 'repo', 'start', ...configArguments()],
  {
    cwd: ROOT,
    env: { ...env, BROWSER: 'none', FORCE_COLOR: '0' },
    detached: true,
    stdio: ['ignore', verbose ? 'inherit' : log, verbose ? 'inherit' : log],
  },
);
let seed;
let stopping = false;

/** Ends everything that was started, model servers included. */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  if (seed?.pid) signal(seed.pid, 'SIGTERM');
  if (portal.pid && portal.exitCode === null) {
    signal(-portal.pid, 'SIGINT');
    const gone = new Promise(resolve => portal.once('exit', resolve));
    await Promise.race([gone, delay(5000)]);
    signal(-portal.pid, 'SIGKILL');
  }
  await endRecordedProcesses();
  process.exit(code);
}
process.on('SIGINT', () => {
  say('Stopping');
  void stop(0);
});
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));
portal.once('exit', code => {
  if (stopping) return;
  process.stderr.write(tail(path.join(STATE, 'portal.log')));
  say(`The portal ended by itself (${code}); what it said is above`);
  void stop(1);
});

const [app, backend] = ports();
const began = Date.now();
await until(`http://127.0.0.1:${backend.port}/.backstage/health/v1/readiness`);
await until(`http://localhost:${app.port}/`);

if (process.env.SLIPWAY_DEMO !== 'off') {
  seed = spawn(
    process.execPath,
    [path.join(ROOT, 'scripts', 'demo', 'seed.mjs')],
    { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
}
process.stdout.write(
  `\n  Slipway is ready: \u001b[1mhttp://localhost:${app.port}/models\u001b[0m\n` +
    `  Ctrl-C ends it. What it says goes to ${path.relative(
      process.cwd(),
      path.join(STATE, 'portal.log'),
    )}.\n\n`,
);

/** `--config FILE`, as often as given, adds to the portal's own configuration. */
function configArguments() {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', multiple: true },
      verbose: { type: 'boolean' },
    },
  });
  const added = values.config ?? [];
  return added.length === 0
    ? []
    : ['app-config.yaml', ...added].flatMap(file => [
        '--config',
        path.resolve(ROOT, file),
      ]);
}

async function until(address) {
  while (Date.now() - began < READY_WITHIN_MS) {
    const refusal = startupFailure();
    if (refusal) {
      process.stderr.write(`${refusal}\n`);
      await stop(1);
    }
    try {
      const response = await fetch(address, {
        signal: AbortSignal.timeout(2000),
      });
      if (response.ok) return;
    } catch {
      // Not there yet.
    }
    await delay(500);
  }
  process.stderr.write(tail(path.join(STATE, 'portal.log')));
  say(`${address} did not answer in ${READY_WITHIN_MS / 1000} s`);
  await stop(1);
}

/** The sentence with which a part of the backend refused to start, if one did. */
function startupFailure() {
  if (verbose) return undefined;
  const said = fs.readFileSync(path.join(STATE, 'portal.log'), 'utf8');
  return said
    .split('\n')
    .find(line => line.includes('threw an error during startup'))
    ?.replace(/^.*?threw an error during startup[^.]*\.\s*/, '✗ ');
}

function tail(file) {
  return `${fs.readFileSync(file, 'utf8').split('\n').slice(-40).join('\n')}\n`;
}
