import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const DRAIN_POLL_MS = 20;
/** A request that takes longer than this is not waited for. */
const DRAIN_LIMIT_MS = 60_000;
/** Ours close idle connections before any server does, so none is used that is just closing. */
const IDLE_MS = 2_000;

/** The way to one server. */
export class Route {
  inFlight = 0;
  readonly agent = new http.Agent({
    keepAlive: true,
    maxFreeSockets: 16,
    timeout: IDLE_MS,
  });

  constructor(readonly target: string) {}

  /** Counts a request until its response is closed. */
  follow(response: http.ServerResponse): void {
    this.inFlight += 1;
    response.once('close', () => {
      this.inFlight -= 1;
    });
  }

  /** Resolves when the last request is answered, and closes the connections. */
  async drain(): Promise<void> {
    const deadline = Date.now() + DRAIN_LIMIT_MS;
    while (this.inFlight > 0 && Date.now() < deadline) {
      await sleep(DRAIN_POLL_MS);
    }
    this.agent.destroy();
  }
}
