import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Environment } from '../serving/Environment';
import type { Environments } from '../serving/Environments';
import type { Listener } from '../serving/Listener';
import type { ModelRows } from './ModelRows';
import { sendSteadily } from './sendSteadily';
import type { ShiftedReplays } from './ShiftedReplays';

const LOOK_MS = 1_000;

interface Replay {
  version: string;
  controller: AbortController;
}

interface Parts {
  enabled: boolean;
  /** To each environment. */
  requestsPerSecond: number;
  environments: Environments;
  listener: Listener;
  rows: ModelRows;
  /** A shifted replay takes the place of this traffic, which would dilute it. */
  shifted: Pick<ShiftedReplays, 'isRunning'>;
  logger: LoggerService;
}

/**
 * Replays each live model's own rows, shuffled, to its environments, so that a demonstration has
 * something to watch. Off unless configured.
 */
export class Traffic {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  readonly #replays = new Map<string, Replay>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    if (!this.#parts.enabled) return;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { controller } of this.#replays.values()) controller.abort();
    this.#replays.clear();
  }

  /** Begins a replay for each environment that is newly live, or with another version. */
  #look(): void {
    for (const environment of this.#parts.environments.list()) {
      const version = environment.current?.servable.version;
      const replay = this.#replays.get(environment.key);
      if (version !== undefined && replay?.version !== version) {
        replay?.controller.abort();
        const controller = new AbortController();
        this.#replays.set(environment.key, { version, controller });
        this.#replay(environment, controller.signal).catch(error => {
          if (controller.signal.aborted) return;
          this.#parts.logger.info(
            `No traffic for ${environment.key}: ${(error as Error).message}`,
          );
        });
      }
    }
  }

  async #replay(environment: Environment, signal: AbortSignal): Promise<void> {
    const bundle = environment.current?.bundle;
    if (!bundle) return;
    const { model } = bundle.manifest;
    const rows = await this.#parts.rows.ofBundle(environment, bundle.folder);
    if (rows.length === 0) return;
    const requests = rows.map(({ request }) => request);
    const url = `${this.#parts.listener.urlOf(
      environment.key,
    )}/v2/models/${encodeURIComponent(model)}/infer`;
    await sendSteadily({
      url,
      requests,
      perSecond: this.#parts.requestsPerSecond,
      count: Infinity,
      signal,
      isPaused: () => this.#parts.shifted.isRunning(environment.key),
    });
  }
}
