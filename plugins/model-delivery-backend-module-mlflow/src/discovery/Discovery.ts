import {
  type DiscoveredEntity,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import type { MlflowApi } from '../api/MlflowApi';
import type { RegisteredModel } from '../api/schemas';
import type { ServerConfig } from '../config';
import { listModels, listUpdatedModels } from './listModels';
import { catalogNames } from './names';
import { isPrompt, toEntity } from './toEntity';

/** Deletions, renames and tags move no model's time: they are seen when all are listed again. */
const LIST_ALL_MS = 10 * 60_000;
/** Of fewer models all may well go at once. */
const MANY = 2;

interface Parts {
  api: MlflowApi;
  server: ServerConfig;
  /** Told of each model that has news, by its registered name. */
  onUpdated: (name: string) => void;
  /** Milliseconds. */
  now?: () => number;
}

/**
 * Registered models as entities. All are listed now and then; in between only those that were
 * updated, whose versions are then said to be due.
 */
export class Discovery {
  readonly #parts: Parts;
  #models: ReadonlyMap<string, RegisteredModel> | undefined;
  #listedAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * In the order of their names.
   *
   * @throws ProviderError, also where all models that were known are gone at once.
   */
  async entities(signal: AbortSignal): Promise<DiscoveredEntity[]> {
    signal.throwIfAborted();
    const models = await this.#read(signal);
    const names = catalogNames([...models.values()]);
    return [...models.values()]
      .filter(model => !isPrompt(model))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(model =>
        toEntity(this.#parts.server, model, names.get(model.name)!),
      );
  }

  async #read(
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, RegisteredModel>> {
    const { api, server, now = Date.now } = this.#parts;
    const { filter } = server.discovery;
    const known = this.#models;
    const at = now();
    const all = !known || at - this.#listedAt >= LIST_ALL_MS;
    const found = byName(
      all
        ? await listModels(api, filter, signal)
        : await listUpdatedModels(api, filter, latest(known), signal),
    );
    if (all) this.#assertPlausible(found.size);
    if (all) this.#listedAt = at;
    this.#models = all ? found : new Map([...known, ...found]);
    if (known) this.#report(known, found);
    return this.#models;
  }

  #assertPlausible(count: number): void {
    const before = this.#models?.size ?? 0;
    if (count > 0 || before < MANY) return;
    throw new ProviderError(
      'bad-data',
      `${this.#parts.server.title} names no registered model, where ${before} were known; they are kept. Where they were deleted on purpose, restart the backend.`,
    );
  }

  #report(
    known: ReadonlyMap<string, RegisteredModel>,
    found: ReadonlyMap<string, RegisteredModel>,
  ): void {
    for (const [name, model] of found) {
      const before = known.get(name);
      if (before?.last_updated_timestamp !== model.last_updated_timestamp) {
        this.#parts.onUpdated(name);
      }
    }
  }
}

function byName(models: RegisteredModel[]): Map<string, RegisteredModel> {
  return new Map(models.map(model => [model.name, model]));
}

function latest(models: ReadonlyMap<string, RegisteredModel>): number {
  let time = 0;
  for (const { last_updated_timestamp: updated } of models.values()) {
    time = Math.max(time, updated);
  }
  return time;
}
