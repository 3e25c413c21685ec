// What the tests of the generated projects share: Python, environments, and running a verb.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import {
  access,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { render, skeleton, withDefaults } from './render.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const MOST_SECONDS = 180;

/** The release that the verbs are told they make. */
export const VERSION = '1.2.3';
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** A package of the workspace; what isn't there is a failure that names the command. */
export function workspacePackage(name) {
  const require = createRequire(
    pathToFileURL(path.join(process.env.NUNJUCKS_FROM ?? here, 'x.js')),
  );
  try {
    return require(name);
  } catch {
    throw new Error(
      `the npm package ${name} isn't installed: run "yarn install" in the workspace`,
    );
  }
}

/** Runs a program to its end and gives back its code and all that it said. */
export async function exec(
  command,
  args,
  { cwd, env, seconds = MOST_SECONDS } = {},
) {
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (output += chunk));
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, output };
  } finally {
    clearTimeout(timer);
  }
}

async function works(command, ...args) {
  return exec(command, args).then(
    ({ code }) => code === 0,
    () => false,
  );
}

const exists = file =>
  access(file).then(
    () => true,
    () => false,
  );

let foundPython;

/** A Python 3.11 or newer: the program itself, since a wrapper costs at every start. */
export async function basePython() {
  foundPython ??= (async () => {
    const wanted =
      'import sys; print(sys.executable); sys.exit(sys.version_info < (3, 11))';
    for (const command of [
      'python3',
      'python3.13',
      'python3.12',
      'python3.11',
      'python',
    ]) {
      const { code, output } = await exec(command, ['-c', wanted]).catch(
        () => ({ code: null }),
      );
      if (code === 0) return output.trim().split('\n').at(-1);
    }
    throw new Error(
      'no Python 3.11 or newer on the path: apt-get install python3',
    );
  })();
  return foundPython;
}

const environments = new Map();

/** A Python with what the locks of a framework pin, test and lint tools included. */
export function lockedPython(framework) {
  if (!environments.has(framework))
    environments.set(framework, makeEnvironment(framework));
  return environments.get(framework);
}

async function makeEnvironment(framework) {
  const names = ['requirements.lock', 'requirements-dev.lock'];
  const locks = names.map(name => path.join(skeleton, framework, name));
  const hash = createHash('sha256');
  for (const lock of locks) hash.update(await readFile(lock));
  const base = await basePython();
  hash.update((await exec(base, ['-VV'])).output);
  const state =
    process.env.SLIPWAY_STATE ??
    path.join(os.tmpdir(), 'slipway-template-tests');
  const folder = path.join(
    state,
    'python',
    `${framework}-${hash.digest('hex').slice(0, 16)}`,
  );
  const executable = path.join(folder, 'bin', 'python');
  if (await exists(path.join(folder, 'complete'))) return executable;

  await mkdir(path.dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  const install = ['--require-hashes', ...locks.flatMap(lock => ['-r', lock])];
  const steps = (await works('uv', '--version'))
    ? [
        ['uv', ['venv', '--quiet', '--python', base, folder]],
        [
          'uv',
          [
            'pip',
            'install',
            '--quiet',
            '--compile-bytecode',
            '--python',
            executable,
            ...install,
          ],
        ],
      ]
    : [
        [base, ['-m', 'venv', folder]],
        [executable, ['-m', 'pip', 'install', '--quiet', ...install]],
      ];
  for (const [command, args] of steps) {
    const { code, output } = await exec(command, args, { seconds: 600 });
    if (code !== 0) {
      const line = [command, ...args].join(' ');
      throw new Error(
        `the environment of ${framework} couldn't be made: "${line}" ended with ${code}\n${output}` +
          '\n(needs a package index; on Debian also: apt-get install python3-venv)',
      );
    }
  }
  await exec(executable, [
    '-c',
    `open(${JSON.stringify(path.join(folder, 'complete'))}, "w")`,
  ]);
  return executable;
}

/** A rendered project in a folder of its own, with its verbs. */
export class Project {
  constructor(folder, values, python) {
    this.folder = folder;
    this.values = values;
    this.python = python;
    this.artifacts = path.join(folder, '..', 'artifacts');
    this.reports = path.join(folder, '..', 'reports');
    this.champion = '';
    this.times = {};
  }

  static async make(given, python) {
    const values = withDefaults(given);
    const root = await mkdtemp(path.join(os.tmpdir(), 'slipway-project-'));
    const folder = path.join(root, 'checkout');
    await render({ values, into: folder });
    return new Project(folder, values, python ?? (await basePython()));
  }

  async remove() {
    await rm(path.dirname(this.folder), { recursive: true, force: true });
  }

  /**
   * Runs one verb as the runner does: in its checkout, with a clean environment. Only that the
   * checkout may keep compiled code, since here one is used for all verbs.
   */
  async verb(line, extra = {}) {
    const [verb, ...args] = line.split(' ');
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PYTHONPATH: 'src',
      ARTIFACTS_DIR: this.artifacts,
      REPORTS_DIR: this.reports,
      CHAMPION_URI: this.champion,
      MODEL_VERSION: VERSION,
      GIT_SHA: COMMIT,
      GIT_REF: 'refs/heads/main',
      RUN_ID: 'run-7',
      RUN_ATTEMPT: '1',
      ...extra,
    };
    const started = performance.now();
    const result = await exec(
      this.python,
      ['-m', this.values.package, verb, ...args],
      {
        cwd: this.folder,
        env,
      },
    );
    this.times[line] = Math.round(performance.now() - started) / 1000;
    return result;
  }

  async report(name) {
    const text = await readFile(path.join(this.reports, name), 'utf8');
    return name.endsWith('.json') ? JSON.parse(text) : text;
  }

  /** The text of a file of the project, changed and written back. */
  async edit(file, change) {
    const target = path.join(
      this.folder,
      file.replace('PACKAGE', this.values.package),
    );
    const before = await readFile(target, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing in ${file} was changed`);
    await writeFile(target, after);
  }

  /** Makes the packed version the champion and forgets the rest of its run. */
  async promote() {
    const bundle = path.join(this.folder, '..', 'champion.tar.gz');
    await rename(path.join(this.artifacts, 'model.tar.gz'), bundle);
    this.champion = bundle;
    await rm(this.artifacts, { recursive: true, force: true });
    await rm(this.reports, { recursive: true, force: true });
  }
}
