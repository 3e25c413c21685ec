import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  MadePrediction,
  PredictionStore,
} from '../database/PredictionStore';
import { fsReason } from '../StateFolder';

/** A crash loses the predictions of so long. */
const FLUSH_MS = 200;
const FORGET_MS = 600_000;
/** Predictions that wait to be written; more are left out. */
const WAITING_AT_MOST = 5_000;

interface Parts {
  store: PredictionStore;
  logger: LoggerService;
  keep: { days: number; perEnvironment: number };
}

/** Writes what servers predicted, some at a time, so that no request waits for the database. */
export class PredictionLog {
  readonly #parts: Parts;
  #waiting = new Map<string, MadePrediction>();
  #leftOut = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #forgetting: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#forgetting = setInterval(() => this.#forget(), FORGET_MS);
    this.#forgetting.unref();
    this.#forget();
  }

  async stop(): Promise<void> {
    clearInterval(this.#forgetting);
    await this.flush();
  }

  add(made: MadePrediction): void {
    if (this.#waiting.size >= WAITING_AT_MOST) {
      this.#leftOut += 1;
      return;
    }
    this.#waiting.set(`${made.key} ${made.id}`, made);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Resolves when everything that was added is written, or was given up. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (this.#leftOut > 0) {
      this.#parts.logger.warn(
        `${this.#leftOut} predictions were not stored, since the database is slower than they come; their labels will not be found`,
      );
      this.#leftOut = 0;
    }
    if (batch.length > 0) {
      this.#queue('Cannot store predictions', () =>
        this.#parts.store.add(batch),
      );
    }
    await this.#writing;
  }

  #forget(): void {
    const { days, perEnvironment } = this.#parts.keep;
    this.#queue('Cannot delete old predictions', () =>
      this.#parts.store.forget(Date.now() - days * 86_400_000, perEnvironment),
    );
  }

  /** One write after the other, so that the newer of two predictions with one id stays. */
  #queue(problem: string, write: () => Promise<void>): void {
    this.#writing = this.#writing
      .then(write)
      .catch(error =>
        this.#parts.logger.warn(`${problem}: ${fsReason(error)}`),
      );
  }
}
