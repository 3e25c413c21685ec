import fs from 'node:fs/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { RunStore } from '../database/RunStore';
import type { StateFolder } from '../StateFolder';

const INTERVAL_MS = 3_600_000;
const BATCH = 500;

interface Parts {
  state: StateFolder;
  runs: RunStore;
  logger: LoggerService;
  retentionMs: number;
}

/** Deletes the logs and reports of runs that ended long ago. What they proved stays. */
export class Sweeper {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.#sweep(), INTERVAL_MS);
    this.#timer.unref();
    this.#sweep();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    try {
      const before = new Date(Date.now() - this.#parts.retentionMs);
      const ids = await this.#parts.runs.endedBefore(
        before.toISOString(),
        BATCH,
      );
      for (const id of ids) {
        await fs.rm(this.#parts.state.run(id).root, {
          recursive: true,
          force: true,
        });
      }
    } catch (error) {
      this.#parts.logger.warn(`Cannot sweep old runs: ${error}`);
    }
  }
}
