import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ProviderError,
  type TrafficComparison,
  type TrafficSplit,
} from '@slipway/plugin-model-delivery-node';
import type {
  DeploymentRow,
  DeploymentStore,
  RolloutRow,
} from '../database/DeploymentStore';
import type { Serving } from './Environment';
import type { Listener } from './Listener';
import { Route } from './Route';
import { Split } from './Split';
import { TrafficCounter } from './TrafficCounter';

/** A server that is ready, and the deployment that it is for. */
export type CandidateServing = Serving & { servable: DeploymentRow };

interface Candidate {
  serving: CandidateServing;
  split: Split;
  rollout: RolloutRow;
  /** What was found when it was asked for answers that are known. */
  found: string;
  left: AbortController;
}

interface Parts {
  store: DeploymentStore;
  listener: Listener;
  logger: LoggerService;
  /** Sends all requests to a candidate from then on; its server has become the live one. */
  swap: (serving: CandidateServing) => void;
  /** A candidate has ended by itself. */
  onEnded: (deployment: DeploymentRow, message: string) => Promise<void>;
}

/** Servers that are ready beside what is live, and answer their share of its requests. */
export class Candidates {
  readonly #parts: Parts;
  readonly #byId = new Map<string, Candidate>();
  /** Servers that answer their last requests. */
  readonly #leaving = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Offers a server its share: none at first, or the one that it had before a restart. */
  offer(serving: CandidateServing, rollout: RolloutRow, found: string): void {
    const { id, environment_key: key } = serving.servable;
    const split = new Split(
      new Route(serving.server.url),
      new TrafficCounter(),
      rollout.sticky,
    );
    split.set(rollout);
    const left = new AbortController();
    this.#byId.set(id, { serving, split, rollout, found, left });
    this.#parts.listener.split(key, split);
    this.#watch(id, serving, left.signal).catch(error => {
      if (!left.signal.aborted) this.#parts.logger.error(error);
    });
  }

  /** @throws ProviderError `not-found` where it is no candidate. */
  async setTraffic(id: string, split: TrafficSplit): Promise<void> {
    const candidate = this.#byId.get(id);
    if (!candidate) {
      const deployment = await this.#parts.store.get(id);
      if (deployment?.phase === 'live' && split.weight === 100) return;
      throw new ProviderError(
        'not-found',
        `Deployment ${id} is not rolling out here.`,
      );
    }
    if (split.weight === 100) {
      await this.#goLive(candidate);
      return;
    }
    const rollout = { ...candidate.rollout, ...split };
    if (!(await this.#parts.store.shift(id, rollout))) return;
    candidate.rollout = rollout;
    candidate.split.set(split);
  }

  /** @param from, to - milliseconds since 1970. @throws ProviderError where nothing is counted. */
  traffic(id: string, from: number, to: number): TrafficComparison {
    const candidate = this.#byId.get(id);
    if (!candidate) {
      throw new ProviderError(
        'unavailable',
        `The candidate of deployment ${id} is not up, so nothing is counted.`,
      );
    }
    return candidate.split.counter.between(from, to);
  }

  weightOf(id: string): number {
    return this.#byId.get(id)?.rollout.weight ?? 0;
  }

  /** Sends all requests to what is live, and ends the server once it has answered its last one. */
  withdraw(id: string): Promise<void> {
    const candidate = this.#leave(id);
    if (!candidate) return Promise.resolve();
    const { split, serving } = candidate;
    const drain = this.#parts.listener.unsplit(
      serving.servable.environment_key,
      split,
    );
    const leaving = drain()
      .then(() => serving.server.stop())
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
    return leaving;
  }

  /** Of an environment in which another version went live: they were compared with what was live before. */
  async withdrawFrom(key: string, reason: string): Promise<void> {
    for (const [id, { serving }] of this.#byId) {
      if (serving.servable.environment_key !== key) continue;
      this.#detach(this.withdraw(id));
      await this.#parts.onEnded(serving.servable, reason);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#byId.keys()].map(id => this.withdraw(id)));
    await this.idle();
  }

  async idle(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  async #goLive({ serving, split, found }: Candidate): Promise<void> {
    const { servable } = serving;
    const live = await this.#parts.store.goLive(
      servable,
      new Date().toISOString(),
      `${servable.version} is live; ${found}`,
    );
    // Two calls can come at once: the first one did it.
    if (!live || !this.#leave(servable.id)) return;
    const drain = this.#parts.listener.unsplit(servable.environment_key, split);
    this.#parts.swap(serving);
    // Its server stays: only the connections of its time as a candidate are closed.
    this.#detach(drain());
  }

  async #watch(
    id: string,
    { server, servable }: CandidateServing,
    signal: AbortSignal,
  ): Promise<void> {
    await server.ended(signal);
    signal.throwIfAborted();
    const weight = this.weightOf(id);
    const words = await server.lastWords();
    this.#detach(this.withdraw(id));
    await this.#parts.onEnded(
      servable,
      `The server of ${servable.version} ended while it answered ${weight} % of the requests. ${words}`,
    );
  }

  #leave(id: string): Candidate | undefined {
    const candidate = this.#byId.get(id);
    this.#byId.delete(id);
    candidate?.left.abort();
    return candidate;
  }

  #detach(work: Promise<void>): void {
    work.catch(error =>
      this.#parts.logger.warn(`A candidate could not be removed: ${error}`),
    );
  }
}
