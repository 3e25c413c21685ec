import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { signal as send } from '../launcher/childProcesses.mjs';

const SAID_BYTES = 4_000;

/** Runs commands to their end, each as the head of a process group, so that all of it can be ended. */
export class Commands {
  #count = 0;

  /**
   * @param options - `env` of every command; `folder` that takes what they say; `signal` that ends
   *   what runs.
   */
  constructor(options) {
    this.options = options;
  }

  /** @throws Error with the end of what the command said, where it does not end with 0. */
  async run(cwd, command, args, added = {}) {
    const { env, folder, signal } = this.options;
    this.#count += 1;
    const log = path.join(folder, `${this.#count}-${command}.log`);
    const output = fs.openSync(log, 'w');
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...added },
      detached: true,
      stdio: ['ignore', output, output],
    });
    fs.closeSync(output);
    const end = () => child.pid && send(-child.pid, 'SIGTERM');
    signal.addEventListener('abort', end);
    const code = await new Promise(resolve => {
      child.once('error', resolve);
      child.once('exit', resolve);
    }).finally(() => signal.removeEventListener('abort', end));
    signal.throwIfAborted();
    if (code === 0) return;
    const said = fs.readFileSync(log, 'utf8').slice(-SAID_BYTES);
    throw new Error(
      `"${command} ${args.join(' ')}" ended with ${code}:\n${said}`,
    );
  }
}
