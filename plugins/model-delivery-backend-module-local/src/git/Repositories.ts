import fs from 'node:fs/promises';
import path from 'node:path';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { writeFileAtomically } from '../StateFolder';
import { GitError, git } from './git';
import { HOOK, HOOK_NAMES } from './hook';

/** Names that are safe in a path, a URL and the catalog. */
export const REPOSITORY_NAME = /^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?$/;

export interface Commit {
  commit: string;
  message: string;
  author: string;
  /** Seconds since 1970. */
  time: number;
}

/** Bytes of one file that is read from a commit. */
const FILE_LIMIT = 16 * 1024 * 1024;
const MESSAGE_LIMIT = 2_000;

/** The bare repositories under the state folder. */
export class Repositories {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws ProviderError `bad-data` for a name that cannot be one. */
  path(name: string): string {
    if (!REPOSITORY_NAME.test(name) || name.includes('..')) {
      throw new ProviderError(
        'bad-data',
        `${JSON.stringify(name)} cannot be the name of a repository: use lower-case letters, digits and dashes.`,
      );
    }
    return path.join(this.#folder, `${name}.git`);
  }

  async exists(name: string): Promise<boolean> {
    return await fs.stat(path.join(this.path(name), 'HEAD')).then(
      () => true,
      () => false,
    );
  }

  /** @throws ProviderError `not-found` */
  async assertExists(name: string): Promise<void> {
    if (!(await this.exists(name))) {
      throw new ProviderError(
        'not-found',
        `There is no repository ${name} on this machine.`,
      );
    }
  }

  async list(): Promise<string[]> {
    const names = await fs.readdir(this.#folder);
    return names
      .filter(name => name.endsWith('.git') && !name.startsWith('.'))
      .map(name => name.slice(0, -'.git'.length))
      .filter(name => REPOSITORY_NAME.test(name))
      .sort();
  }

  /** Writes our hooks and settings into every repository, as this version has them. */
  async refreshAll(): Promise<void> {
    for (const name of await this.list())
      await this.#configure(this.path(name));
    // What was being built when a portal ended.
    for (const name of await fs.readdir(this.#folder)) {
      if (name.startsWith('.new-')) {
        await fs.rm(path.join(this.#folder, name), { recursive: true });
      }
    }
  }

  /** Makes a bare repository in a folder. */
  async initialise(folder: string): Promise<void> {
    await git(['init', '--quiet', '--bare', '--initial-branch=main', folder]);
    await this.#configure(folder);
  }

  async #configure(folder: string): Promise<void> {
    for (const name of HOOK_NAMES) {
      const hook = path.join(folder, 'hooks', name);
      await fs.mkdir(path.dirname(hook), { recursive: true });
      const current = await fs.readFile(hook, 'utf8').catch(() => '');
      if (current !== HOOK) await writeFileAtomically(hook, HOOK, 0o755);
    }
    const config = path.join(folder, 'config');
    const settings = await fs.readFile(config, 'utf8');
    if (!settings.includes('advertisePushOptions')) {
      await git([
        'config',
        '--file',
        config,
        'receive.advertisePushOptions',
        'true',
      ]);
      await git(['config', '--file', config, 'receive.fsckObjects', 'true']);
    }
  }

  /** The commit that a branch, tag or ref points at; undefined where there is none. */
  async resolve(name: string, ref: string): Promise<string | undefined> {
    try {
      const out = await this.#git(name, [
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${ref}^{commit}`,
      ]);
      return out.toString('utf8').trim() || undefined;
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  /** @throws GitError where there is no such commit. */
  async commit(name: string, commit: string): Promise<Commit> {
    const out = await this.#git(name, [
      'log',
      '-1',
      '--no-show-signature',
      '--format=%H%x00%an%x00%ct%x00%B',
      '--end-of-options',
      commit,
    ]);
    const [hash, author, time, ...message] = out.toString('utf8').split('\0');
    return {
      commit: hash,
      author: author.slice(0, 200),
      time: Number(time),
      message: message.join(' ').trim().slice(0, MESSAGE_LIMIT),
    };
  }

  /**
   * Who wrote the commits that lead to `to` and not to `from`, each once. Merges do not count: their
   * author wrote nothing.
   *
   * @throws GitError where there is no such commit.
   */
  async authors(
    name: string,
    { from, to }: { from: string | null; to: string },
  ): Promise<{ name: string; email: string }[]> {
    const out = await this.#git(name, [
      'log',
      '--no-merges',
      '--format=%an%x00%ae',
      '--end-of-options',
      to,
      ...(from === null ? [] : [`^${from}`]),
      '--',
    ]);
    const lines = new Set(out.toString('utf8').split('\n').filter(Boolean));
    return [...lines].map(line => {
      const [author, email] = line.split('\0');
      return { name: author.slice(0, 200), email: email.slice(0, 320) };
    });
  }

  /** The commits up to a commit that changed a file, newest first. */
  async history(
    name: string,
    commit: string,
    file: string,
    limit: number,
  ): Promise<string[]> {
    const out = await this.#git(name, [
      'log',
      '--format=%H',
      `--max-count=${limit}`,
      '--end-of-options',
      commit,
      '--',
      path.posix.normalize(file),
    ]);
    return out.toString('utf8').split('\n').filter(Boolean);
  }

  /** The content of a file at a commit; undefined where there is none or it is no file. */
  async readFile(
    name: string,
    commit: string,
    file: string,
  ): Promise<Buffer | undefined> {
    try {
      return await this.#git(
        name,
        ['cat-file', 'blob', `${commit}:${path.posix.normalize(file)}`],
        FILE_LIMIT,
      );
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  /** Sets a tag; the same tag on the same commit is no error, on another one it stays. */
  async tag(name: string, tag: string, commit: string): Promise<void> {
    const existing = await this.resolve(name, `refs/tags/${tag}`);
    if (existing) return;
    await this.#git(name, ['update-ref', `refs/tags/${tag}`, commit]);
  }

  async #git(
    name: string,
    args: string[],
    maxOutput?: number,
  ): Promise<Buffer> {
    return await git(['--git-dir', this.path(name), ...args], { maxOutput });
  }
}
