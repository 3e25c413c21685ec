import http from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { predictionsOf, type Predictions } from './predictions';
import type { Route } from './Route';
import type { Side, TrafficCounter } from './TrafficCounter';

/** Larger bodies pass, and are not copied or read. */
const BODY_LIMIT = 1024 * 1024;
const MIRROR_TIMEOUT_MS = 30_000;

/** Whether a request says that its body is small enough to be read. */
export function fits({ headers }: http.IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Infinity) <= BODY_LIMIT;
}

/** Collects a body that streams elsewhere; undefined where it is too large or broke off. */
export function collect(stream: Readable): Promise<Buffer | undefined> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    stream.once('end', () =>
      resolve(size <= BODY_LIMIT ? Buffer.concat(chunks) : undefined),
    );
    stream.once('error', () => resolve(undefined));
    stream.once('close', () => resolve(undefined));
  });
}

/** One request that is counted, from its arrival until it is answered. */
export class Exchange {
  readonly #started = performance.now();
  #body: Promise<Buffer | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly side: Side,
    private readonly counter: TrafficCounter,
  ) {}

  /** The server begins to answer. */
  answering(answer: http.IncomingMessage): void {
    this.#body = collect(answer);
  }

  /** @returns what was predicted, where that can be read. A client that hung up counts for nobody. */
  async ended(response: http.ServerResponse): Promise<Predictions | undefined> {
    const ms = performance.now() - this.#started;
    if (!response.writableFinished) return undefined;
    return this.count(response.statusCode, ms, await this.#body);
  }

  /** @param status - undefined where no answer came. */
  count(
    status: number | undefined,
    ms: number,
    body: Buffer | undefined,
  ): Predictions | undefined {
    const ok = status !== undefined && status < 500;
    const found = status === 200 && body ? predictionsOf(body) : undefined;
    this.counter.add({
      side: this.side,
      ok,
      ms,
      predictions: found?.names ?? [],
    });
    return found;
  }
}

/** Sends copies of requests to a candidate, a few at a time, and never waits for a place. */
export class Mirror {
  /** Copies under way; more are left out. */
  static readonly AT_ONCE = 16;
  #underWay = 0;

  /** @returns what the candidate predicted; undefined where it did not, or the copy was left out. */
  async send(
    route: Route,
    request: Pick<http.IncomingMessage, 'url' | 'headers'>,
    body: Buffer,
    counter: TrafficCounter,
  ): Promise<Predictions | undefined> {
    if (this.#underWay >= Mirror.AT_ONCE) return undefined;
    this.#underWay += 1;
    route.inFlight += 1;
    const exchange = new Exchange('candidate', counter);
    const started = performance.now();
    try {
      const { status, answer } = await post(route, request, body);
      return exchange.count(status, performance.now() - started, answer);
    } catch {
      exchange.count(undefined, performance.now() - started, undefined);
      return undefined;
    } finally {
      this.#underWay -= 1;
      route.inFlight -= 1;
    }
  }
}

function post(
  route: Route,
  { url, headers }: Pick<http.IncomingMessage, 'url' | 'headers'>,
  body: Buffer,
): Promise<{ status: number | undefined; answer: Buffer | undefined }> {
  const { 'transfer-encoding': _, connection, ...rest } = headers;
  return new Promise((resolve, reject) => {
    const copy = http.request(
      `${route.target}${url}`,
      {
        method: 'POST',
        agent: route.agent,
        headers: { ...rest, 'content-length': body.length },
        timeout: MIRROR_TIMEOUT_MS,
      },
      answer => {
        collect(answer).then(
          text => resolve({ status: answer.statusCode, answer: text }),
          reject,
        );
      },
    );
    copy.once('timeout', () => copy.destroy(new Error('No answer.')));
    copy.once('error', reject);
    copy.end(body);
  });
}
