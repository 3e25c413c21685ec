import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { predictionsOf, type Predictions } from './predictions';
import { collect } from './send';
import type { Side, TrafficCounter } from './TrafficCounter';

/** One request to one server that is counted, from when it is sent until it is answered. */
export class Exchange {
  readonly #side: Side;
  readonly #counter: TrafficCounter;
  readonly #started = performance.now();
  #body: Promise<Buffer | undefined> = Promise.resolve(undefined);

  constructor(side: Side, counter: TrafficCounter) {
    this.#side = side;
    this.#counter = counter;
  }

  /** The server begins to answer a request that streams. */
  answering(answer: http.IncomingMessage): void {
    this.#body = collect(answer);
  }

  /** A request that streamed has ended. A client that hung up counts for nobody. */
  async ended(response: http.ServerResponse): Promise<void> {
    const ms = performance.now() - this.#started;
    if (!response.writableFinished) return;
    this.#add(response.statusCode, ms, await this.#body);
  }

  /** @returns what was predicted, where that can be read. */
  answered(status: number, body: Buffer | undefined): Predictions | undefined {
    return this.#add(status, performance.now() - this.#started, body);
  }

  /** No answer came. */
  failed(): void {
    this.#add(undefined, performance.now() - this.#started, undefined);
  }

  #add(
    status: number | undefined,
    ms: number,
    body: Buffer | undefined,
  ): Predictions | undefined {
    const ok = status !== undefined && status < 500;
    const found = status === 200 && body ? predictionsOf(body) : undefined;
    this.#counter.add({
      side: this.#side,
      ok,
      ms,
      predictions: found?.names ?? [],
    });
    return found;
  }
}
