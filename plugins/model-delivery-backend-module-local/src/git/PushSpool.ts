import { type FSWatcher, watch } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { writeFileAtomically } from '../StateFolder';
import { type Push, formatPushFile, parsePushFile } from './pushFile';

const SWEEP_MS = 1_500;
/** No push takes as long. */
const UNFINISHED_MS = 24 * 3_600_000;

/**
 * The folder in which hooks leave word of pushes. It is watched, and swept besides: at the start
 * for what was pushed while nobody looked, and steadily since watching may miss.
 */
export class PushSpool {
  readonly #folder: string;
  readonly #onPush: (push: Push, key: string) => Promise<void>;
  readonly #logger: LoggerService;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #again = false;

  /**
   * @param onPush - takes a push in; a file stays until this has succeeded, so it may be called
   *   twice with the same key.
   */
  constructor(
    folder: string,
    onPush: (push: Push, key: string) => Promise<void>,
    logger: LoggerService,
  ) {
    this.#folder = folder;
    this.#onPush = onPush;
    this.#logger = logger;
  }

  /** Leaves word of a push as the hook does. The same key is taken in once. */
  async add(push: Push, key: string): Promise<void> {
    const file = path.join(this.#folder, `${encodeURIComponent(key)}.push`);
    await writeFileAtomically(file, formatPushFile(push));
    this.#poke();
  }

  start(): void {
    try {
      this.#watcher = watch(this.#folder, () => this.#poke());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#logger.warn(
        `Cannot watch ${this.#folder}; pushes are seen within ${SWEEP_MS} ms`,
      );
    }
    this.#timer = setInterval(() => this.#poke(), SWEEP_MS);
    this.#dropUnfinished().catch(error =>
      this.#logger.warn(`Cannot clear ${this.#folder}: ${error}`),
    );
    this.#poke();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#watcher?.close();
    this.#again = false;
    await this.#sweeping;
  }

  /** Of pushes that Git refused after their hook had begun. */
  async #dropUnfinished(): Promise<void> {
    const before = Date.now() - UNFINISHED_MS;
    for (const name of await fs.readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (!name.startsWith('.') || !name.endsWith('.tmp')) continue;
      if ((await fs.stat(file)).mtimeMs < before) await fs.rm(file);
    }
  }

  #poke(): void {
    if (this.#sweeping) {
      this.#again = true;
      return;
    }
    this.#sweeping = this.#sweep()
      .catch(error => this.#logger.error('Cannot read the spool folder', error))
      .finally(() => {
        this.#sweeping = undefined;
        if (this.#again) {
          this.#again = false;
          this.#poke();
        }
      });
  }

  async #sweep(): Promise<void> {
    const names = (await fs.readdir(this.#folder))
      .filter(name => name.endsWith('.push'))
      .sort();
    for (const name of names) {
      const file = path.join(this.#folder, name);
      try {
        const push = parsePushFile(await fs.readFile(file, 'utf8'));
        if (push) {
          await this.#onPush(push, name);
        } else {
          this.#logger.warn(`${file} is not word of a push; it is removed`);
        }
        await fs.rm(file, { force: true });
      } catch (error) {
        this.#logger.error(
          `Cannot take in the push of ${name}`,
          error as Error,
        );
      }
    }
  }
}
