import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Of the registry that the benchmark reads. */
export interface Sizes {
  models: number;
  /** Of each model. */
  versions: number;
  /** Of the one model named `long-history`. */
  longVersions: number;
}

export interface SeededRegistry {
  url: string;
  /** Kept by the server; gone after `close`. */
  directory: string;
  post(path: string, body: object): Promise<void>;
  /** What the server said last of an error of its own. */
  lastError(): Promise<string>;
  close(): Promise<void>;
}

/** A real MLflow server whose database was filled before it began. */
export async function startSeededMlflow(sizes: Sizes): Promise<SeededRegistry> {
  const stack = await import('../../../scripts/stack/mlflow.mjs');
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'mlflow-bench-'));
  const python = await stack.ensureMlflow();
  // The server itself lays the tables out.
  const empty = await stack.startMlflow({ directory });
  await empty.stop();
  execFileSync(
    python,
    [
      path.join(__dirname, 'mlflow_rows.py'),
      path.join(directory, 'mlflow.db'),
      ...[sizes.models, sizes.versions, sizes.longVersions].map(String),
    ],
    { stdio: 'inherit' },
  );
  const server = await stack.startMlflow({ directory });
  return {
    url: server.url,
    directory,
    async post(where, body) {
      const answer = await fetch(`${server.url}/api/2.0/mlflow/${where}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(await answer.text());
      await answer.arrayBuffer();
    },
    async lastError() {
      const log = await fs.readFile(path.join(directory, 'server.log'), 'utf8');
      const errors = log.split('\n').filter(line => /error/i.test(line));
      return errors.at(-1)?.slice(0, 300) ?? 'nothing in its log';
    },
    async close() {
      await server.stop();
      await fs.rm(directory, { recursive: true, force: true });
    },
  };
}
