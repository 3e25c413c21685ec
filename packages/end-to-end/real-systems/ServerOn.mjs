import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';

/** A server that listens on a port, to be ended and started again as it was. */
export class ServerOn {
  constructor(port) {
    const [pid] = execFileSync('pgrep', [
      '--full',
      `web.listen-address=127.0.0.1:${port}`,
    ])
      .toString()
      .trim()
      .split('\n');
    this.pid = Number(pid);
    [this.program, ...this.args] = fs
      .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter(Boolean);
  }

  kill() {
    process.kill(this.pid, 'SIGKILL');
  }

  /** @returns how to end it. */
  start() {
    const child = spawn(this.program, this.args, { stdio: 'ignore' });
    return () => child.kill();
  }
}
