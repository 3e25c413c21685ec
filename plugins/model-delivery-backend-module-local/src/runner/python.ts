import { CONFIG_KEY } from '../config';
import { installerEnvironment } from '../processes/environment';
import { execute } from '../processes/execute';

const CANDIDATES = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python',
];
const MINIMUM = [3, 11] as const;

export interface Python {
  /** The interpreter itself, not a shim that looks at HOME or the folder to choose one. */
  executable: string;
  /** Such as `3.11`. */
  version: string;
  /** Names that a package must not have, since its modules would hide Python's own. */
  reserved: ReadonlySet<string>;
}

const PROBE = `import json, keyword, sys
print(json.dumps({"executable": sys.executable, "version": sys.version_info[:2],
  "reserved": sorted(set(sys.stdlib_module_names) | set(keyword.kwlist))}))`;

/**
 * Finds a Python that is new enough.
 *
 * @param configured - if given, the only one that is tried.
 * @throws Error in one sentence with the fix.
 */
export async function findPython(configured?: string): Promise<Python> {
  const found: string[] = [];
  for (const candidate of configured ? [configured] : CANDIDATES) {
    const probe = await execute(candidate, ['-c', PROBE], {
      env: installerEnvironment(process.env, ['PYENV_ROOT', 'PYENV_VERSION']),
      timeoutMs: 20_000,
    }).catch(() => undefined);
    if (probe?.code !== 0) {
      if (probe) found.push(`${candidate} (older than 3.10, or broken)`);
      continue;
    }
    const { executable, version, reserved } = JSON.parse(
      probe.stdout.toString('utf8'),
    ) as { executable: string; version: [number, number]; reserved: string[] };
    if (
      version[0] > MINIMUM[0] ||
      (version[0] === MINIMUM[0] && version[1] >= MINIMUM[1])
    ) {
      return {
        executable,
        version: version.join('.'),
        reserved: new Set(reserved),
      };
    }
    found.push(`${candidate} is ${version.join('.')}`);
  }
  throw new Error(
    `The local engine needs Python ${MINIMUM.join('.')} or newer (${
      found.join(', ') || 'found none'
    }): install it, or set ${CONFIG_KEY}.python to one.`,
  );
}

/** @throws Error in one sentence with the fix. */
export async function checkGit(): Promise<void> {
  const version = await execute('git', ['--version'], {
    env: installerEnvironment(process.env),
  }).catch(() => undefined);
  const match = /(\d+)\.(\d+)/.exec(version?.stdout.toString('utf8') ?? '');
  if (
    !match ||
    Number(match[1]) < 2 ||
    (match[1] === '2' && Number(match[2]) < 28)
  ) {
    throw new Error(
      `The local engine needs Git 2.28 or newer (${
        match ? `found ${match[0]}` : 'found none'
      }): install it and see that it is on the PATH.`,
    );
  }
}
