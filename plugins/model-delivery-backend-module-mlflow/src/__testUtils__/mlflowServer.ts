import { type ChildProcess, execFile, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = path.resolve(
  __dirname,
  '../../../../scripts/stack/serveMlflow.mjs',
);

/** The first test on a machine installs MLflow, a slow one takes minutes for it. */
export const START_TIMEOUT_MS = 600_000;

/** A real MLflow server of a test's own, on loopback, empty. */
export class MlflowServer {
  readonly #python: string;
  readonly #child: ChildProcess;

  private constructor(
    readonly url: string,
    readonly directory: string,
    python: string,
    child: ChildProcess,
  ) {
    this.#python = python;
    this.#child = child;
  }

  /** @throws Error with a sentence, where Python or its packages cannot be had. */
  static async start(
    options: {
      admin?: { password: string };
      environment?: Record<string, string>;
    } = {},
  ): Promise<MlflowServer> {
    const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'mlflow-test-'));
    const child = spawn(
      process.execPath,
      [SCRIPT, JSON.stringify({ directory, ...options })],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const line = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', chunk => {
        text += chunk;
        if (text.includes('\n')) resolve(text);
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`MLflow ended: ${text}`)));
    });
    const { url, python, error } = JSON.parse(line);
    if (error) throw new Error(error);
    return new MlflowServer(url, directory, python, child);
  }

  /** Runs a script with MLflow's own client, which finds this server. */
  async runPython(script: string): Promise<string> {
    const { stdout } = await promisify(execFile)(this.#python, ['-c', script], {
      cwd: this.directory,
      env: {
        PATH: process.env.PATH,
        HOME: this.directory,
        MLFLOW_TRACKING_URI: this.url,
        MLFLOW_DISABLE_TELEMETRY: 'true',
      },
    });
    return stdout.trim();
  }

  async close(): Promise<void> {
    const ended = new Promise(resolve => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    await ended;
    await fs.rm(this.directory, { recursive: true, force: true });
  }
}
