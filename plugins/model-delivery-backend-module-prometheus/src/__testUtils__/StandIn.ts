import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Recorded, recorded } from './recorded';

export interface Asked {
  path: string;
  method: string;
  params: Record<string, string>;
  headers: http.IncomingHttpHeaders;
}

type Answer = Recorded | Promise<Recorded> | undefined;

/** Answers as a Prometheus and an Alertmanager do, with what a test says. */
export class StandIn {
  readonly asked: Asked[] = [];
  #answer: (asked: Asked) => Answer = () => undefined;
  readonly #server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', async () => {
      const url = new URL(request.url ?? '/', 'http://stand-in');
      const asked: Asked = {
        path: url.pathname,
        method: request.method ?? '',
        params: Object.fromEntries([
          ...url.searchParams,
          ...new URLSearchParams(body),
        ]),
        headers: request.headers,
      };
      this.asked.push(asked);
      const answer = (await this.#answer(asked)) ?? otherwise(asked);
      response
        .writeHead(answer.status, { 'content-type': answer.content_type })
        .end(
          typeof answer.body === 'string' && !/json/.test(answer.content_type)
            ? answer.body
            : JSON.stringify(answer.body),
        );
    });
  });

  static async start(): Promise<StandIn> {
    const standIn = new StandIn();
    await new Promise<void>(resolve => {
      standIn.#server.listen(0, '127.0.0.1', resolve);
    });
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What it answers from now on; what is left out is answered as a quiet server would. */
  answers(answer: (asked: Asked) => Answer): void {
    this.asked.length = 0;
    this.#answer = answer;
  }

  /** How often a path was asked. */
  count(path: string): number {
    return this.asked.filter(asked => asked.path === path).length;
  }

  async stop(): Promise<void> {
    await new Promise(resolve => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}

/** A vector as the recorded one, with these series. */
export function vector(
  ...series: { metric?: Record<string, string>; value: string }[]
): Recorded {
  const answer = recorded('prometheus/query-nodata');
  answer.body.data.result = series.map(({ metric = {}, value }) => ({
    metric,
    value: [1795411394.9, value],
  }));
  return answer;
}

/** One series at these seconds. */
export function range(...values: [number, string][]): Recorded {
  const answer = recorded('prometheus/range');
  answer.body.data.result = values.length > 0 ? [{ metric: {}, values }] : [];
  return answer;
}

/** Of `count_values("up", …)`: how many targets answer and how many do not. */
export function targets(up: number, down = 0): Recorded {
  return vector(
    ...(up > 0 ? [{ metric: { up: '1' }, value: String(up) }] : []),
    ...(down > 0 ? [{ metric: { up: '0' }, value: String(down) }] : []),
  );
}

function otherwise({ path, params }: Asked): Recorded {
  switch (path) {
    case '/api/v1/query':
      return params.query.startsWith('count_values') ? targets(1) : vector();
    case '/api/v1/query_range':
      return range();
    case '/api/v1/alerts': {
      const none = recorded('prometheus/alerts');
      none.body.data.alerts = [];
      return none;
    }
    case '/api/v1/rules':
      return recorded('prometheus/rules-alert-only');
    case '/api/v1/status/buildinfo':
      return recorded('prometheus/buildinfo');
    case '/api/v2/alerts':
    case '/api/v2/silences':
      return { status: 200, content_type: 'application/json', body: [] };
    case '/api/v2/status':
      return recorded('alertmanager/status-v2');
    default:
      return recorded('prometheus/404');
  }
}
