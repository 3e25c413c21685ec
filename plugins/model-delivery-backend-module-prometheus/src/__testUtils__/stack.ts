import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Child, startChild } from './children';

const SCRIPT = path.resolve(
  __dirname,
  '../../../../scripts/stack/prometheus.mjs',
);

/** What this machine lacks for a real Prometheus that scrapes a real model server, if anything. */
export function missingHere(): string | undefined {
  const check = spawnSync(process.execPath, [SCRIPT, '--check'], {
    encoding: 'utf8',
  });
  if (check.status !== 0) return check.stderr.trim();
  const python = spawnSync('python3', [
    '-c',
    'import sys; sys.exit(sys.version_info < (3, 11))',
  ]);
  return python.status === 0
    ? undefined
    : 'Python 3.11 or newer not found on the PATH: apt-get install -y --no-install-recommends python3';
}

export interface StackOptions {
  ports: { prometheus: number; alertmanager: number };
  targets: { targets: string[]; labels: Record<string, string> }[];
  rules: object[];
  webhook: { url: string; secret: string };
  /** Only this one of the two. */
  only: 'prometheus' | 'alertmanager';
}

/** A real Prometheus, which scrapes and evaluates every second, or its Alertmanager. */
export async function startStack(
  folder: string,
  options: StackOptions,
): Promise<Child> {
  await fs.mkdir(folder, { recursive: true });
  const file = path.join(folder, 'options.json');
  await fs.writeFile(
    file,
    JSON.stringify({ folder, scrapeSeconds: 1, ...options }),
  );
  return await startChild(process.execPath, [SCRIPT, file]);
}
