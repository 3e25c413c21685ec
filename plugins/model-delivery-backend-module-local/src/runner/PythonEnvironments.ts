import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { installerEnvironment } from '../processes/environment';
import { type ExecuteResult, execute } from '../processes/execute';
import { makeFolder } from '../StateFolder';
import type { Python } from './python';

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** An environment that could not be made; the message is for the job's page. */
export class EnvironmentError extends Error {
  readonly name = 'EnvironmentError';
}

/** What serves, and what a checkout needs besides to be tested. A bundle holds only the first. */
const LOCK_FILES = ['requirements.lock', 'requirements-dev.lock'];

/**
 * One read-only Python environment per lock files and Python version, shared by all jobs and
 * servers that have them. A project that locks nothing to serve runs on the interpreter itself.
 */
export class PythonEnvironments {
  readonly #folder: string;
  readonly #python: Python;
  readonly #extraVariables: readonly string[];
  readonly #making = new Map<string, Promise<string>>();
  #uv: Promise<boolean> | undefined;

  constructor(
    folder: string,
    python: Python,
    extraVariables: readonly string[] = [],
  ) {
    this.#folder = folder;
    this.#python = python;
    this.#extraVariables = extraVariables;
  }

  /**
   * The interpreter for a checkout or bundle.
   *
   * @param source - the folder that holds the lock files, if there are any.
   * @param note - called with each step that takes time.
   * @throws EnvironmentError
   */
  async interpreter(
    source: string,
    note: (text: string) => void = () => {},
  ): Promise<string> {
    const locks = await Promise.all(
      LOCK_FILES.map(name =>
        fs.readFile(path.join(source, name), 'utf8').catch(() => ''),
      ),
    );
    if (!locksAnything(locks[0])) return this.#python.executable;
    const key = `${this.#python.version}-${crypto
      .createHash('sha256')
      .update(locks.join('\0'))
      .digest('hex')
      .slice(0, 32)}`;
    const folder = path.join(this.#folder, key);
    const interpreter = path.join(folder, 'bin', 'python');
    if (await exists(path.join(folder, '.complete'))) return interpreter;
    let making = this.#making.get(key);
    if (!making) {
      making = this.#make(folder, locks, note).finally(() =>
        this.#making.delete(key),
      );
      this.#making.set(key, making);
    } else {
      note('Waiting for the same Python environment that another job makes');
    }
    await making;
    return interpreter;
  }

  async #make(
    folder: string,
    locks: string[],
    note: (text: string) => void,
  ): Promise<string> {
    await fs.rm(folder, { recursive: true, force: true });
    await makeFolder(folder);
    const requirements: string[] = [];
    for (const [i, text] of locks.entries()) {
      const file = path.join(folder, LOCK_FILES[i]);
      await fs.writeFile(file, text);
      requirements.push('-r', file);
    }
    const interpreter = path.join(folder, 'bin', 'python');
    const uv = await this.#hasUv();
    note(
      `Making the Python environment of this lock file, once, with ${
        uv ? 'uv' : 'pip'
      }`,
    );
    try {
      if (uv) {
        await this.#install('uv', [
          'venv',
          '--quiet',
          '--allow-existing',
          '--python',
          this.#python.executable,
          folder,
        ]);
        await this.#install('uv', [
          'pip',
          'install',
          '--quiet',
          '--python',
          interpreter,
          '--require-hashes',
          '--only-binary',
          ':all:',
          ...requirements,
        ]);
      } else {
        await this.#install(this.#python.executable, ['-m', 'venv', folder]);
        await this.#install(interpreter, [
          '-m',
          'pip',
          'install',
          '--quiet',
          '--no-input',
          '--disable-pip-version-check',
          '--require-hashes',
          '--only-binary',
          ':all:',
          ...requirements,
        ]);
      }
      await execute(
        interpreter,
        ['-m', 'compileall', '-q', path.join(folder, 'lib')],
        { env: installerEnvironment({}), timeoutMs: INSTALL_TIMEOUT_MS },
      );
    } catch (error) {
      await fs.rm(folder, { recursive: true, force: true });
      throw error;
    }
    await fs.writeFile(path.join(folder, '.complete'), '');
    await execute('chmod', ['-R', 'a-w', path.join(folder, 'lib')], {
      env: installerEnvironment(process.env),
    }).catch(() => undefined);
    return folder;
  }

  async #install(command: string, args: string[]): Promise<void> {
    const result: ExecuteResult = await execute(command, args, {
      env: installerEnvironment(process.env, this.#extraVariables),
      timeoutMs: INSTALL_TIMEOUT_MS,
    });
    if (result.code !== 0) {
      throw new EnvironmentError(
        `The Python environment of requirements.lock could not be made: ${
          lastLines(result.stderr) || `exit code ${result.code}`
        }`,
      );
    }
  }

  #hasUv(): Promise<boolean> {
    this.#uv ??= execute('uv', ['--version'], {
      env: installerEnvironment(process.env),
      timeoutMs: 20_000,
    }).then(
      ({ code }) => code === 0,
      () => false,
    );
    return this.#uv;
  }
}

/** Whether a lock file names any package. */
export function locksAnything(text: string): boolean {
  return text
    .split('\n')
    .some(line => line.trim() !== '' && !line.trim().startsWith('#'));
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').slice(0, 600);
}

async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}
