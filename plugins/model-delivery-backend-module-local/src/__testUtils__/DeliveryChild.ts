import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { LocalConfig } from '../config';
import type { DeliveryAnswer, DeliveryCommand } from './deliveryProcess';

/** The process of `deliveryProcess`, as a test starts and kills it. */
export class DeliveryChild {
  readonly #child: ChildProcess;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<unknown>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = once(child, 'exit');
  }

  /**
   * Resolves when it delivers.
   *
   * @param diesAt - the weight at which it is to end, between the shift of the traffic and its record.
   */
  static async start(
    database: string,
    config: LocalConfig,
    diesAt?: number,
  ): Promise<DeliveryChild> {
    const child = fork(
      path.join(__dirname, 'deliveryProcess.ts'),
      [database, JSON.stringify(config), String(diesAt ?? '')],
      {
        execArgv: [
          '--require',
          require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        ],
        env: { ...process.env, NODE_ENV: 'development' },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    await new Promise<void>((resolve, reject) => {
      child.on('message', message => {
        if (message === 'started') resolve();
      });
      child.once('exit', code =>
        reject(new Error(`The process ended with code ${code}`)),
      );
    });
    return new DeliveryChild(child);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Sends requests all at once, and resolves with their answers by their keys. */
  async request(
    commands: DeliveryCommand[],
  ): Promise<Map<string, DeliveryAnswer>> {
    const answers = new Map<string, DeliveryAnswer>();
    const answered = new Promise<void>(resolve => {
      this.#child.on('message', (message: DeliveryAnswer) => {
        if (message.requestKey) answers.set(message.requestKey, message);
        if (answers.size === commands.length) resolve();
      });
    });
    for (const command of commands) this.#child.send(command);
    await answered;
    return answers;
  }
}
