import { UpstreamClient } from '@slipway/plugin-model-delivery-node/http';
import type { Connection } from '../config';
import {
  type InstantAnswer,
  type RangeSeries,
  buildInfoAnswer,
  instantAnswer,
  rangeAnswer,
  ruleAlertsAnswer,
  rulesAnswer,
} from './answers';
import { explainPrometheus } from './explain';

/** Times in seconds since 1970. */
export interface Range {
  start: number;
  end: number;
  step: number;
}

/** The HTTP API of a Prometheus, or of what speaks like one. */
export class PrometheusApi {
  readonly #client: UpstreamClient;

  constructor(title: string, connection: Connection) {
    this.#client = new UpstreamClient({
      title,
      baseUrl: connection.url,
      auth: connection.auth,
      headers: connection.headers,
      tls: connection.tls,
      explain: explainPrometheus(title),
    });
  }

  get host(): string {
    return this.#client.host;
  }

  /** Sent as a form: a query may be longer than an address. */
  async query(query: string, signal: AbortSignal): Promise<InstantAnswer> {
    return await this.#client.json(
      { method: 'POST', path: 'api/v1/query', form: { query } },
      instantAnswer,
      signal,
    );
  }

  async queryRange(
    query: string,
    { start, end, step }: Range,
    signal: AbortSignal,
  ): Promise<RangeSeries[]> {
    const { data } = await this.#client.json(
      {
        method: 'POST',
        path: 'api/v1/query_range',
        form: {
          query,
          start: String(start),
          end: String(end),
          step: String(step),
        },
      },
      rangeAnswer,
      signal,
    );
    return data.result;
  }

  async alertingRules(signal: AbortSignal) {
    const { data } = await this.#client.json(
      { path: 'api/v1/rules', query: { type: 'alert' } },
      rulesAnswer,
      signal,
    );
    return data.groups
      .flatMap(({ rules }) => rules)
      .filter(({ type }) => type === 'alerting');
  }

  /** Alerts of its own rules, pending ones too. */
  async alerts(signal: AbortSignal) {
    const { data } = await this.#client.json(
      { path: 'api/v1/alerts' },
      ruleAlertsAnswer,
      signal,
    );
    return data.alerts;
  }

  async version(signal: AbortSignal): Promise<string> {
    const { data } = await this.#client.json(
      { path: 'api/v1/status/buildinfo' },
      buildInfoAnswer,
      signal,
    );
    return data.version;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
