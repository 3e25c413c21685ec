import fs from 'node:fs/promises';
import path from 'node:path';
import {
  type ProjectFile,
  type ProjectProvider,
  type ProviderContext,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { git } from '../git/git';
import type { PushSpool } from '../git/PushSpool';
import type { Repositories } from '../git/Repositories';
import type { ModelEntities } from '../registry/ModelEntities';
import { explainFsError, isFsError } from '../StateFolder';
import { PROVIDER_ID, PROVIDER_TITLE } from '../targets';
import { type Author, fastImport } from './fastImport';
import { illegalName } from './names';

const KEY_SETTING = 'slipway.creationkey';

interface Parts {
  /** Where the bare repositories are. */
  folder: string;
  repositories: Repositories;
  entities: ModelEntities;
  spool: PushSpool;
  /** Names that a Python package must not have. */
  reservedPackages: ReadonlySet<string>;
  onCreated: (repository: string) => void;
}

/** Makes bare repositories on this machine. */
export class LocalProjectProvider implements ProjectProvider {
  readonly #parts: Parts;
  readonly id = PROVIDER_ID;
  readonly title = PROVIDER_TITLE;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async checkName(
    name: string,
    { signal }: ProviderContext,
  ): Promise<string | null> {
    signal.throwIfAborted();
    const illegal = illegalName(name, this.#parts.reservedPackages);
    if (illegal) return illegal;
    return (await this.#parts.repositories.exists(name))
      ? takenName(name)
      : null;
  }

  /**
   * @throws ProviderError `invalid` for an illegal name or path, `conflict` for a name that is taken,
   *   `unavailable` where the folder cannot be written.
   */
  async create(
    request: {
      key: string;
      name: string;
      description: string;
      author: Author;
      message: string;
      files: ProjectFile[];
    },
    { signal }: ProviderContext,
  ): Promise<{ cloneUrl: string; commit: string; entityRef: string }> {
    signal.throwIfAborted();
    // One at a time: two with the same name or key must see each other.
    const turn = this.#last.then(() => this.#createOne(request));
    this.#last = turn.catch(() => {});
    return await turn.catch(error => {
      if (!isFsError(error)) throw error;
      const message = explainFsError(error, this.#parts.folder);
      throw new ProviderError('unavailable', message);
    });
  }

  async #createOne(request: {
    key: string;
    name: string;
    description: string;
    author: Author;
    message: string;
    files: ProjectFile[];
  }): Promise<{ cloneUrl: string; commit: string; entityRef: string }> {
    const { name, key } = request;
    const illegal = illegalName(name, this.#parts.reservedPackages);
    if (illegal) throw new ProviderError('invalid', illegal);
    const target = this.#parts.repositories.path(name);
    if (await this.#parts.repositories.exists(name)) {
      if ((await creationKey(target)) !== key) {
        throw new ProviderError('conflict', takenName(name));
      }
    } else {
      await this.#build(target, request);
    }
    const commit = await firstCommit(target);
    // As if it had been pushed; the same key is taken in once.
    await this.#parts.spool.add(
      {
        repository: name,
        refs: [{ ref: 'refs/heads/main', commit }],
        priority: 'normal',
      },
      `create-${name}-${commit}`,
    );
    this.#parts.onCreated(name);
    const model = await this.#parts.entities.modelOf(name);
    return {
      cloneUrl: target,
      commit,
      entityRef: `mlmodel:${model.namespace}/${model.name}`,
    };
  }

  /** The repository appears under its name complete or not at all. */
  async #build(
    target: string,
    request: {
      key: string;
      description: string;
      author: Author;
      message: string;
      files: ProjectFile[];
    },
  ): Promise<void> {
    const staging = await fs.mkdtemp(path.join(this.#parts.folder, '.new-'));
    try {
      await this.#parts.repositories.initialise(staging);
      await git(['--git-dir', staging, 'fast-import', '--quiet'], {
        input: fastImport({ ...request, time: new Date() }),
      });
      const config = path.join(staging, 'config');
      await git(['config', '--file', config, KEY_SETTING, request.key]);
      await fs.writeFile(
        path.join(staging, 'description'),
        `${request.description.replace(/\s+/g, ' ').slice(0, 500)}\n`,
      );
      await fs.rename(staging, target);
    } finally {
      await fs.rm(staging, { recursive: true, force: true });
    }
  }
}

function takenName(name: string): string {
  return `The repository ${name} exists already. Choose another name.`;
}

async function creationKey(repository: string): Promise<string | undefined> {
  return await git([
    'config',
    '--file',
    path.join(repository, 'config'),
    '--get',
    KEY_SETTING,
  ]).then(
    out => out.toString('utf8').trim(),
    () => undefined,
  );
}

async function firstCommit(repository: string): Promise<string> {
  const out = await git([
    '--git-dir',
    repository,
    'rev-list',
    '--max-parents=0',
    'refs/heads/main',
  ]);
  return out.toString('utf8').trim().split('\n').at(-1)!;
}
