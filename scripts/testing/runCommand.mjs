import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { signal as send } from '../launcher/childProcesses.mjs';

const LOOK_MS = 200;
/** Many times what the longest stage takes: a command that hangs fails instead of blocking the rest. */
const LIMIT_MS = 30 * 60_000;
const CHUNK = 1024 * 1024;

/**
 * Runs a command to its end and shows what it says meanwhile.
 *
 * It writes into a file and not into a pipe: the Backstage CLI ends its process as soon as a command
 * is done, and what a pipe has not taken in by then is lost, such as the count at the end of much.
 *
 * @param show - takes what it says, as bytes, in order.
 * @param limitMs - after which the command and all its child processes are killed, and it has failed.
 * @returns everything that it said, stdout and stderr as they came, and its exit code.
 */
export async function runCommand(
  [command, ...args],
  { cwd, env, show, limitMs = LIMIT_MS },
) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'slipway-test-'));
  const file = path.join(folder, 'output');
  const writing = fs.openSync(file, 'a');
  const reading = fs.openSync(file, 'r');
  const said = [];
  const look = () => {
    for (;;) {
      const buffer = Buffer.alloc(CHUNK);
      const bytes = fs.readSync(reading, buffer);
      if (bytes === 0) return;
      const chunk = buffer.subarray(0, bytes);
      said.push(chunk);
      show(chunk);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    const exitCode = await new Promise(resolve => {
      const child = spawn(command, args, {
        cwd,
        env,
        stdio: ['ignore', writing, writing],
        // A process group of its own, so that its child processes end with it.
        detached: true,
      });
      const end = () => child.pid && send(-child.pid, 'SIGKILL');
      process.once('exit', end);
      const limit = setTimeout(() => {
        fs.writeSync(
          writing,
          `Killed: it had not ended after ${limitMs / 1000} s\n`,
        );
        end();
      }, limitMs);
      const settle = exitCode => {
        clearTimeout(limit);
        process.off('exit', end);
        resolve(exitCode);
      };
      child.once('error', error => {
        fs.writeSync(writing, `${error}\n`);
        settle(1);
      });
      child.once('close', code => settle(code ?? 1));
    });
    look();
    return { output: Buffer.concat(said).toString('utf8'), exitCode };
  } finally {
    clearInterval(timer);
    fs.closeSync(writing);
    fs.closeSync(reading);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
