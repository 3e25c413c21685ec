import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { signal } from '../launcher/childProcesses.mjs';

const GRACE_MS = 10_000;
const LOG_TAIL = 2_000;

/**
 * Starts a server as the head of a process group of its own and waits until it answers.
 *
 * @param log - file that takes what it says.
 * @param isReady - asked again and again; true once the server answers.
 * @returns its process id and how to end it with all its children.
 * @throws Error with the end of the log, where it ends or takes longer than `timeoutMs`.
 */
export async function startServerProcess({
  command,
  args,
  cwd,
  env,
  log,
  isReady,
  timeoutMs,
}) {
  const output = fs.openSync(log, 'w');
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  fs.closeSync(output);
  let ended = false;
  const end = new Promise(resolve => {
    child.once('exit', resolve);
    child.once('error', resolve);
  }).then(() => {
    ended = true;
  });
  const stop = async () => {
    if (child.pid === undefined) return;
    signal(-child.pid, 'SIGTERM');
    await Promise.race([end, delay(GRACE_MS, undefined, { ref: false })]);
    signal(-child.pid, 'SIGKILL');
    await end;
  };
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady().catch(() => false))) {
    if (ended || Date.now() > deadline) {
      await stop();
      const said = fs.readFileSync(log, 'utf8').slice(-LOG_TAIL);
      throw new Error(
        `${command} ${
          ended ? 'ended' : `did not answer in ${timeoutMs / 1000} s`
        }. It said: ${said}`,
      );
    }
    await delay(100);
  }
  return { pid: child.pid, stop };
}

/** A port that nothing listened on a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
