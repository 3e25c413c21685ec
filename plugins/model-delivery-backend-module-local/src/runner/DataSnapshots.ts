import crypto from 'node:crypto';
import {
  type DataSnapshot,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { git } from '../git/git';
import type { Repositories } from '../git/Repositories';
import { fastImport } from '../projects/fastImport';
import { type ModelToml, ModelTomlError, parseModelToml } from './modelToml';
import { takeArrived } from './takeArrived';

const MAIN = 'refs/heads/main';

/** As the manifest of a bundle has it. */
const digestOf = (text: string): string =>
  `sha256:${crypto.createHash('sha256').update(text).digest('hex')}`;

/**
 * Takes the labelled rows that arrived since the data of a project was made into its data, as one commit
 * on `main`. A push that comes first wins: then nothing is written, and the next attempt sees it.
 */
export class DataSnapshots {
  readonly #repositories: Repositories;

  constructor(repositories: Repositories) {
    this.#repositories = repositories;
  }

  /** @throws ProviderError where there is no such branch, or the rows that arrived are of another shape. */
  async take(repository: string, ref: string): Promise<DataSnapshot> {
    const full = ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
    const head = await this.#repositories.resolve(repository, full);
    if (!head) {
      throw new ProviderError(
        'not-found',
        `${repository} has no branch ${ref}.`,
      );
    }
    const { data } = await this.#readModelToml(repository, head);
    const read = async (file: string | undefined) =>
      file === undefined
        ? undefined
        : (await this.#repositories.readFile(repository, head, file))?.toString(
            'utf8',
          );
    const train = await read(data.locator);
    const arriving = await read(data.arriving);
    const taken =
      train === undefined || arriving === undefined || full !== MAIN
        ? null
        : takeArrived({ train, arriving, holdout: await read(data.holdout) });
    if (!taken) {
      return {
        commit: head,
        datasetDigest: train === undefined ? null : digestOf(train),
        arrived: null,
      };
    }
    const files = [
      { path: data.locator!, content: taken.train },
      { path: data.arriving!, content: taken.arriving },
      ...(taken.holdout === undefined
        ? []
        : [{ path: data.holdout!, content: taken.holdout }]),
    ];
    const arrived = `${taken.rows} rows arrived in ${data.arriving}${
      taken.held > 0 ? `; ${taken.held} of them are held out` : ''
    }.`;
    await git(
      [
        '--git-dir',
        this.#repositories.path(repository),
        'fast-import',
        '--quiet',
      ],
      {
        input: fastImport({
          author: { name: 'Slipway', email: 'slipway@localhost' },
          message: `Take in the data that arrived\n\n${arrived}\n`,
          files: files.map(({ path, content }) => ({
            path,
            content: Buffer.from(content),
            executable: false,
          })),
          time: new Date(),
          from: head,
        }),
      },
    );
    return {
      commit: (await this.#repositories.resolve(repository, MAIN))!,
      datasetDigest: digestOf(taken.train),
      arrived,
    };
  }

  async #readModelToml(repository: string, commit: string): Promise<ModelToml> {
    const content = await this.#repositories.readFile(
      repository,
      commit,
      'model.toml',
    );
    try {
      return parseModelToml(content?.toString('utf8') ?? '');
    } catch (error) {
      if (!(error instanceof ModelTomlError)) throw error;
      throw new ProviderError('bad-data', error.message);
    }
  }
}
