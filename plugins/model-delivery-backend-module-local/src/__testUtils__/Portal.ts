import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { LocalConfig } from '../config';
import type { DeployCommand } from './portalProcess';

/** An engine in a process of its own, to be killed. */
export class Portal {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(database: string, config: LocalConfig): Promise<Portal> {
    const child = fork(
      path.join(__dirname, 'portalProcess.ts'),
      [database, JSON.stringify(config)],
      {
        execArgv: [
          '--require',
          require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        ],
        env: { ...process.env, NODE_ENV: 'development' },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    await said(child, 'started');
    return new Portal(child);
  }

  /** Begins a deployment; resolves when its bundle has arrived. */
  async deploy(command: DeployCommand): Promise<void> {
    this.#child.send(command);
    await said(this.#child, 'deploying');
  }

  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** The transform talks over the same channel, so only our own words count. */
async function said(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.on('message', message => {
      if (message === word) resolve();
    });
    child.once('exit', code =>
      reject(new Error(`The portal ended with code ${code}`)),
    );
  });
}
