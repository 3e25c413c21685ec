import crypto from 'node:crypto';
import type http from 'node:http';
import type { Stickiness } from '@slipway/plugin-model-delivery-common/schema';
import type { TrafficSplit } from '@slipway/plugin-model-delivery-node';
import type { Route } from './Route';
import type { TrafficCounter } from './TrafficCounter';

/** How the requests of one environment are shared out while a candidate rolls out. */
export class Split {
  #split: TrafficSplit = { weight: 0, mirror: false };
  /** Of each hundredth of a request that the candidate is owed. */
  #owed = 0;

  constructor(
    readonly candidate: Route,
    readonly counter: TrafficCounter,
    readonly sticky: Stickiness | null,
  ) {}

  /** The candidate's share in per cent; users do not see it while it is 0. */
  get weight(): number {
    return this.#split.weight;
  }

  get mirror(): boolean {
    return this.#split.mirror;
  }

  set(split: TrafficSplit): void {
    this.#split = split;
    this.#owed = 0;
    this.counter.cut();
  }

  /**
   * Whether the candidate answers the next request: of a client that is known always the same way while
   * the weight is, and never back to the live version as it rises; of the others exactly its share.
   */
  takes(client: string | undefined): boolean {
    const { weight } = this.#split;
    if (client !== undefined) return hundredthOf(client) < weight;
    this.#owed += weight;
    if (this.#owed < 100) return false;
    this.#owed -= 100;
    return true;
  }

  /** What keeps a request's client on one version, where it says so. */
  clientOf(
    request: http.IncomingMessage,
    body: Buffer | undefined,
  ): string | undefined {
    const { sticky } = this;
    if (!sticky) return undefined;
    if ('header' in sticky) {
      const value = request.headers[sticky.header.toLocaleLowerCase('en-US')];
      return value === undefined ? undefined : String(value);
    }
    return body && idIn(body);
  }
}

function hundredthOf(client: string): number {
  return (
    crypto.createHash('sha256').update(client).digest().readUInt32BE(0) % 100
  );
}

function idIn(body: Buffer): string | undefined {
  try {
    const { id } = JSON.parse(body.toString('utf8'));
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
