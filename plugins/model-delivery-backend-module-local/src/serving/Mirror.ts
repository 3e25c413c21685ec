import { Exchange } from './Exchange';
import type { Predictions } from './predictions';
import type { Route } from './Route';
import { type Asked, send } from './send';
import type { TrafficCounter } from './TrafficCounter';

const TIMEOUT_MS = 30_000;

/** Sends copies of requests to a candidate, a few at a time, and never waits for a place. */
export class Mirror {
  /** Copies under way; more are left out. */
  static readonly AT_ONCE = 16;
  #underWay = 0;

  /** @returns what the candidate predicted; undefined where it did not, or the copy was left out. */
  async send(
    route: Route,
    request: Asked,
    body: Buffer,
    counter: TrafficCounter,
  ): Promise<Predictions | undefined> {
    if (this.#underWay >= Mirror.AT_ONCE) return undefined;
    this.#underWay += 1;
    route.inFlight += 1;
    const exchange = new Exchange('candidate', counter);
    try {
      const answer = await send(
        route,
        request,
        body,
        AbortSignal.timeout(TIMEOUT_MS),
      );
      // The rest of a large answer is not read.
      answer.rest?.destroy();
      return exchange.answered(
        answer.head.statusCode!,
        answer.rest ? undefined : answer.body,
      );
    } catch {
      exchange.failed();
      return undefined;
    } finally {
      this.#underWay -= 1;
      route.inFlight -= 1;
    }
  }
}
