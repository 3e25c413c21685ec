import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { signature } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';
import type { Repositories } from '../git/Repositories';
import { readBundleJson } from '../registry/bundle';
import type { ModelEntities } from '../registry/ModelEntities';
import { parseModelToml } from '../runner/modelToml';
import type { Environment } from '../serving/Environment';
import type { Environments } from '../serving/Environments';
import { type InferRequest, inferRequest } from '../serving/inference';
import type { Listener } from '../serving/Listener';
import { inputRows, parseCsv, shuffled } from './rows';

const LOOK_MS = 1_000;
const TIMEOUT_MS = 5_000;
/** Requests that may be under way to one environment; more are left out. */
const IN_FLIGHT = 8;
const SEED = 20_240_229;

/** Which commit a bundle was made from. */
const release = z.looseObject({ commit: z.string().nullish() });

interface Replay {
  version: string;
  controller: AbortController;
}

/**
 * Replays each live model's own rows, shuffled, to its environments, so that a demonstration has
 * something to watch. Off unless configured.
 */
export class Traffic {
  private timer: NodeJS.Timeout | undefined;
  private readonly replays = new Map<string, Replay>();

  constructor(
    private readonly parts: {
      enabled: boolean;
      /** To each environment. */
      requestsPerSecond: number;
      environments: Environments;
      listener: Listener;
      repositories: Repositories;
      entities: ModelEntities;
      logger: LoggerService;
    },
  ) {}

  start(): void {
    if (!this.parts.enabled) return;
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    for (const { controller } of this.replays.values()) controller.abort();
    this.replays.clear();
  }

  /** Begins a replay for each environment that is newly live, or with another version. */
  private look(): void {
    for (const environment of this.parts.environments.list()) {
      const version = environment.current?.servable.version;
      const replay = this.replays.get(environment.key);
      if (version !== undefined && replay?.version !== version) {
        replay?.controller.abort();
        const controller = new AbortController();
        this.replays.set(environment.key, { version, controller });
        this.replay(environment, controller.signal).catch(error => {
          if (controller.signal.aborted) return;
          this.parts.logger.info(
            `No traffic for ${environment.key}: ${(error as Error).message}`,
          );
        });
      }
    }
  }

  private async replay(
    environment: Environment,
    signal: AbortSignal,
  ): Promise<void> {
    const bundle = environment.current?.bundle;
    if (!bundle) return;
    const { model } = bundle.manifest;
    const requests = await this.requestsOf(environment, bundle.folder);
    if (requests.length === 0) return;
    const url = `${this.parts.listener.urlOf(
      environment.key,
    )}/v2/models/${encodeURIComponent(model)}/infer`;
    const pause = 1_000 / this.parts.requestsPerSecond;
    const inFlight = new Set<Promise<void>>();
    for (let i = 0; ; i += 1) {
      await sleep(pause, undefined, { signal, ref: false });
      if (inFlight.size < IN_FLIGHT) {
        const sent = send(url, requests[i % requests.length], signal);
        inFlight.add(sent);
        sent.then(() => inFlight.delete(sent));
      }
    }
  }

  /** The rows that the bundle was made of, as requests in a shuffled order. */
  private async requestsOf(
    environment: Environment,
    bundle: string,
  ): Promise<InferRequest[]> {
    const [namespace, name] = environment.key.split('/');
    const entity = (await this.parts.entities.all()).find(
      one => one.namespace === namespace && one.name === name,
    );
    const declared = await readBundleJson(
      bundle,
      'model/signature.json',
      signature,
    );
    const made = await readBundleJson(bundle, 'release.json', release);
    if (!entity || !declared || !made?.commit) return [];
    const { commit } = made;
    const read = (file: string) =>
      this.parts.repositories.readFile(entity.repository, commit, file);
    const toml = await read('model.toml');
    if (!toml) return [];
    const { data } = parseModelToml(toml.toString('utf8'));
    const rows = [];
    for (const file of [data.holdout, data.locator]) {
      const content = file && (await read(file));
      if (content) rows.push(...parseCsv(content.toString('utf8')));
    }
    return shuffled(inputRows(rows, declared), SEED).map(row =>
      inferRequest(declared, row),
    );
  }
}

async function send(
  url: string,
  request: InferRequest,
  signal: AbortSignal,
): Promise<void> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.arrayBuffer();
  } catch {
    // The monitors tell how the server does; a replay only sends.
  }
}
