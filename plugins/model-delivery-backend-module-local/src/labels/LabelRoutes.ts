import type http from 'node:http';
import { answerJson, pathOf } from '../serving/requests';
import { type Answer, collect, fits } from '../serving/send';
import type { FeedbackCounts } from './feedbackCounts';
import type { LabelTaker } from './LabelTaker';
import type { PredictionLog } from './PredictionLog';
import { readExchange } from './readExchange';

const METRICS_TIMEOUT_MS = 5_000;

/** What the listener answers itself of an environment, and what it reads of the requests that pass it. */
export class LabelRoutes {
  readonly #log: PredictionLog;
  readonly #taker: LabelTaker;
  readonly #counts: FeedbackCounts;

  constructor(parts: {
    log: PredictionLog;
    taker: LabelTaker;
    counts: FeedbackCounts;
  }) {
    this.#log = parts.log;
    this.#taker = parts.taker;
    this.#counts = parts.counts;
  }

  isLabel({ method }: http.IncomingMessage, rest: string): boolean {
    return method === 'POST' && pathOf(rest) === '/feedback';
  }

  isMetrics({ method }: http.IncomingMessage, rest: string): boolean {
    return method === 'GET' && pathOf(rest) === '/metrics';
  }

  async take(
    key: string,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const sent = fits(request) ? await collect(request) : undefined;
    const { status, content } = await this.#taker.take(key, sent);
    answerJson(response, status, content);
  }

  /** The metrics of a server, with the labels that came in for its environment. */
  async sendMetrics(
    key: string,
    server: string,
    response: http.ServerResponse,
  ): Promise<void> {
    const metrics = await fetch(`${server}/metrics`, {
      signal: AbortSignal.timeout(METRICS_TIMEOUT_MS),
    });
    const text = await metrics.text();
    response.writeHead(metrics.status, {
      'Content-Type': metrics.headers.get('content-type') ?? 'text/plain',
    });
    response.end(metrics.ok ? this.#counts.addTo(key, text) : text);
  }

  /** A server answered an inference request of an environment. */
  answered(key: string, asked: Buffer, { head, body, rest }: Answer): void {
    if (head.statusCode !== 200 || rest) return;
    const made = readExchange(asked, body);
    if (made) this.#log.add({ ...made, key, at: Date.now() });
  }
}
