import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Child, startChild } from './children';

const SCRIPT = path.resolve(
  __dirname,
  '../../../../scripts/stack/prometheus.mjs',
);

/** As `describe`. Where this machine lacks something, CI fails and others leave it out and say so. */
export function describeWithServers(name: string, tests: () => void): void {
  const missing = missingHere();
  if (missing && !process.env.CI) {
    // eslint-disable-next-line no-console
    console.warn(
      `Not tested against a real Prometheus and Alertmanager: ${missing}`,
    );
  }
  (missing && !process.env.CI ? describe.skip : describe)(name, () => {
    beforeAll(() => {
      if (missing) throw new Error(missing);
    });
    tests();
  });
}

function missingHere(): string | undefined {
  const check = spawnSync(process.execPath, [SCRIPT, '--check'], {
    encoding: 'utf8',
  });
  if (check.status !== 0) return check.stderr.trim();
  const python = spawnSync('python3', [
    '-c',
    'import sys; sys.exit(sys.version_info < (3, 11))',
  ]);
  if (python.status !== 0) {
    return 'Python 3.11 or newer not found on the PATH: apt-get install -y --no-install-recommends python3';
  }
  return spawnSync('openssl', ['version']).status === 0
    ? undefined
    : 'openssl not found on the PATH: apt-get install -y --no-install-recommends openssl';
}

export interface StackOptions {
  ports: { prometheus: number; alertmanager: number };
  targets?: { targets: string[]; labels: Record<string, string> }[];
  rules?: object[];
  webhook?: { url: string; secret: string };
  /** Files: Prometheus serves HTTPS with a certificate of this authority. */
  tls?: { ca: string; cert: string; key: string };
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
  return await startChild(process.execPath, [SCRIPT, file], {
    env: {
      ...process.env,
      ...(options.tls && { NODE_EXTRA_CA_CERTS: options.tls.ca }),
    },
  });
}
