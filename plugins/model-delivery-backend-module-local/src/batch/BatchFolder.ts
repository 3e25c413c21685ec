import fs from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../StateFolder';

/** The files of the batch job of one environment. */
export class BatchFolder {
  readonly root: string;
  /** Where people put the files that are to be predicted. */
  readonly input: string;
  /** One folder for each run that passed. */
  readonly output: string;

  /** @param key - of the environment. */
  constructor(batch: string, key: string) {
    this.root = path.join(batch, ...key.split('/'));
    this.input = path.join(this.root, 'input');
    this.output = path.join(this.root, 'output');
  }

  /** Where a run writes until it has passed. */
  unfinished(runId: string): string {
    return path.join(this.output, `.${runId}`);
  }

  /** The result of a run. A run that is repeated with the same version replaces it. */
  finished(run: { due_at: string; version: string }): string {
    const time = run.due_at.replace(/\.\d+Z$/, 'Z').replaceAll(':', '-');
    const version = run.version.replace(/[^\w.+-]/g, '-');
    return path.join(this.output, `${time}_${version}`);
  }

  /** Makes the folders, and removes what runs left that did not come to their end. */
  async prepare(): Promise<void> {
    for (const folder of [this.input, this.output]) await makeFolder(folder);
    for (const name of await fs.readdir(this.output)) {
      if (!name.startsWith('.')) continue;
      await fs.rm(path.join(this.output, name), {
        recursive: true,
        force: true,
      });
    }
  }

  /** Moves the output of a run to its place: whole, or not at all. */
  async publish(run: {
    id: string;
    due_at: string;
    version: string;
  }): Promise<void> {
    const finished = this.finished(run);
    await fs.rm(finished, { recursive: true, force: true });
    await fs.rename(this.unfinished(run.id), finished);
  }

  /**
   * The file or folder that a job reads.
   *
   * @param relative - as the entity names it.
   * @throws Error in a sentence: nothing is there, or a link leads out of the input folder.
   */
  async inputPath(relative: string): Promise<string> {
    const full = path.join(this.input, relative);
    let real: string;
    try {
      real = await fs.realpath(full);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Error(
        `The input ${relative} is not there. Put it into ${this.input}.`,
      );
    }
    const root = await fs.realpath(this.input);
    if (!real.startsWith(root + path.sep)) {
      throw new Error(
        `The input ${relative} leads out of ${this.input}. Put the file itself there.`,
      );
    }
    return real;
  }
}
