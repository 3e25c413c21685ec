import {
  type JsonValue,
  ProviderError,
  type ShiftedReplay,
} from '@slipway/plugin-model-delivery-node';
import { referenceSchema } from '../monitoring/reference';
import { readBundleJson } from '../registry/bundle';
import type { Environments } from '../serving/Environments';
import type { Listener } from '../serving/Listener';
import type { ModelRows } from './ModelRows';
import { sendSteadily } from './sendSteadily';

const SECONDS = 60;
/** Two windows make a drift, and the first one begins with other traffic. */
const WINDOWS = 3;
const DEFAULT_WINDOW = 500;

interface Parts {
  environments: Environments;
  listener: Listener;
  rows: ModelRows;
}

/**
 * Sends the rows that arrived, and that no version was trained on, to an environment for a minute, and
 * their labels after them. A restart of the portal ends it.
 */
export class ShiftedReplays {
  readonly #parts: Parts;
  readonly #running = new Map<string, AbortController>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws ProviderError as `DeploymentProvider.replayShifted` says. */
  async start(key: string): Promise<ShiftedReplay> {
    const environment = this.#parts.environments.find(key);
    const bundle = environment?.current?.bundle;
    if (!environment || !bundle) {
      throw new ProviderError('unavailable', `No server is ready in ${key}.`);
    }
    if (this.#running.has(key)) {
      throw new ProviderError(
        'conflict',
        `A replay runs in ${key} already; it takes ${SECONDS} s.`,
      );
    }
    const controller = new AbortController();
    this.#running.set(key, controller);
    try {
      const rows = await this.#parts.rows.arriving(environment, bundle.folder);
      if (rows.length === 0) {
        throw new ProviderError(
          'invalid',
          'The project has no rows that its training data lacks. Name a CSV file of labelled rows as arriving in [data] of model.toml.',
        );
      }
      const reference = await readBundleJson(
        bundle.folder,
        'model/reference.json',
        referenceSchema,
      );
      const count = WINDOWS * (reference?.minWindow ?? DEFAULT_WINDOW);
      const url = `${this.#parts.listener.urlOf(key)}/v2/models/${encodeURIComponent(
        bundle.manifest.model,
      )}/infer`;
      sendSteadily({
        url,
        requests: rows.map(({ request }) => request),
        perSecond: count / SECONDS,
        count,
        signal: controller.signal,
        answered: (index, id) =>
          this.#label(key, id, rows[index].label, controller.signal),
      })
        .catch(() => undefined)
        .finally(() => this.#running.delete(key));
      return { rows: rows.length, requests: count, seconds: SECONDS };
    } catch (error) {
      this.#running.delete(key);
      throw error;
    }
  }

  isRunning(key: string): boolean {
    return this.#running.has(key);
  }

  /** Says what the true value of a row is, as users do later. */
  async #label(
    key: string,
    id: string,
    label: JsonValue,
    signal: AbortSignal,
  ): Promise<void> {
    if (label === null) return;
    await fetch(`${this.#parts.listener.urlOf(key)}/feedback`, {
      method: 'POST',
      body: JSON.stringify({ id, label }),
      signal,
    }).then(response => response.arrayBuffer());
  }

  stop(): void {
    for (const controller of this.#running.values()) controller.abort();
  }
}
