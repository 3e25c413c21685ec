import http from 'node:http';
import net from 'node:net';
import { Readable } from 'node:stream';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { type ProxyServer, createProxyServer } from 'http-proxy-3';
import { CONFIG_KEY, isLoopback } from '../config';
import { collect, Exchange, fits, Mirror } from './Exchange';
import { Route } from './Route';
import type { Split } from './Split';

/**
 * The one address under which every environment is reached, whatever version it serves:
 * `/<namespace>/<name>/<environment>/…`. Loopback only, and only for requests that mean loopback,
 * so that no page in a browser reaches it under a name of its own.
 */
export class Listener {
  private readonly routes = new Map<string, Route>();
  /** While a candidate rolls out. */
  private readonly splits = new Map<string, Split>();
  private readonly exchanges = new WeakMap<http.IncomingMessage, Exchange>();
  private readonly mirror = new Mirror();
  private readonly absent = new Map<string, string>();
  private readonly proxy: ProxyServer;
  private readonly server: http.Server;
  private port = 0;

  constructor(
    private readonly listen: { host: string; port: number },
    private readonly logger: LoggerService,
  ) {
    this.proxy = createProxyServer({ xfwd: false });
    this.proxy.on('error', (error, _request, response) => {
      this.answerFailure(error, response as http.ServerResponse | net.Socket);
    });
    this.proxy.on('proxyRes', (begun, request) =>
      this.exchanges.get(request)?.answering(begun),
    );
    this.server = http.createServer((request, response) =>
      this.handle(request, response),
    );
  }

  /** @throws Error that names the setting where the port is taken. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(
                `Port ${this.listen.port} on ${this.listen.host} is taken, so model servers cannot be reached there: end what listens on it, or set ${CONFIG_KEY}.listen.port to another.`,
              )
            : error,
        ),
      );
      this.server.listen(this.listen.port, this.listen.host, resolve);
    });
    this.port = (this.server.address() as net.AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
    for (const route of this.routes.values()) route.agent.destroy();
    for (const { candidate } of this.splits.values()) candidate.agent.destroy();
    this.proxy.close();
  }

  /** Host and port, as it listens. */
  get address(): string {
    const host = this.listen.host.includes(':')
      ? `[${this.listen.host.replace(/[[\]]/g, '')}]`
      : this.listen.host;
    return `${host}:${this.port}`;
  }

  /** The address of an environment, the same for every version. */
  urlOf(key: string): string {
    return `http://${this.address}/${key}`;
  }

  isLive(key: string): boolean {
    return this.routes.has(key);
  }

  /**
   * Sends new requests to a server.
   *
   * @returns what waits until the server that had them before has answered its last one, and
   *   closes the connections to it.
   */
  switchTo(key: string, target: string): () => Promise<void> {
    const before = this.routes.get(key);
    this.routes.set(key, new Route(target));
    this.absent.delete(key);
    return async () => {
      await before?.drain();
    };
  }

  /** Sends requests nowhere. @param reason - a sentence for who asks meanwhile. */
  remove(key: string, reason: string): void {
    const route = this.routes.get(key);
    this.routes.delete(key);
    this.absent.set(key, reason);
    route?.drain().catch(() => {});
  }

  /** Shares the requests of an environment out between what is live and a candidate. */
  split(key: string, split: Split): void {
    this.splits.set(key, split);
  }

  /**
   * Sends all requests to what is live again.
   *
   * @returns what waits until the candidate has answered its last one.
   */
  unsplit(key: string, split: Split): () => Promise<void> {
    if (this.splits.get(key) === split) this.splits.delete(key);
    return () => split.candidate.drain();
  }

  private handle(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): void {
    if (!isLoopback(hostName(request.headers.host))) {
      answer(
        response,
        421,
        'This listener answers on loopback addresses only.',
      );
      return;
    }
    if (isCrossSite(request.headers)) {
      answer(response, 403, 'Pages of other sites may not send requests here.');
      return;
    }
    const match = /^\/([^/?#]+)\/([^/?#]+)\/([^/?#]+)(\/[^#]*|\?[^#]*)?$/.exec(
      request.url ?? '',
    );
    if (!match) {
      answer(
        response,
        404,
        'Ask for /<namespace>/<name>/<environment>/…, such as /default/my-model/staging/v2/health/ready.',
      );
      return;
    }
    const key = match.slice(1, 4).join('/').toLocaleLowerCase('en-US');
    const route = this.routes.get(key);
    if (!route) {
      answer(
        response,
        503,
        this.absent.get(key) ?? `Nothing is live in ${key}.`,
        { 'Retry-After': '2' },
      );
      return;
    }
    const rest = match[4] ?? '/';
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    const split = this.splits.get(key);
    if (split && isInference(request)) {
      this.share(request, response, route, split).catch(error =>
        this.answerFailure(error, response),
      );
    } else {
      this.forward(request, response, route);
    }
  }

  private forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    route: Route,
    body?: Buffer,
  ): void {
    route.follow(response);
    this.proxy.web(request, response, {
      target: route.target,
      agent: route.agent,
      ...(body && { buffer: Readable.from([body]) }),
    });
  }

  /** Forwards a request to the candidate or to what is live, counts it, and mirrors it where asked. */
  private async share(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    route: Route,
    split: Split,
  ): Promise<void> {
    const reads = split.sticky !== null && 'body' in split.sticky;
    const body = reads && fits(request) ? await collect(request) : undefined;
    const taken = split.takes(split.clientOf(request, body));
    const copied =
      !taken && split.mirror
        ? (body ?? (fits(request) ? collect(request) : undefined))
        : undefined;
    const { counter, candidate } = split;
    const exchange = new Exchange(taken ? 'candidate' : 'live', counter);
    this.exchanges.set(request, exchange);
    const { url, headers } = request;
    this.forward(request, response, taken ? candidate : route, body);
    const [found, shadowed] = await Promise.all([
      new Promise(closed => {
        response.once('close', closed);
      }).then(() => exchange.ended(response)),
      (async () => {
        const copy = await copied;
        return (
          copy &&
          this.mirror.send(
            candidate,
            { url, headers: { ...headers } },
            copy,
            counter,
          )
        );
      })(),
    ]);
    if (found?.classes && shadowed?.classes) {
      counter.compare(String(found.names) === String(shadowed.names));
    }
  }

  private answerFailure(
    error: Error,
    response: http.ServerResponse | net.Socket,
  ): void {
    this.logger.debug(`A request to a model server failed: ${error.message}`);
    if (response instanceof http.ServerResponse && !response.headersSent) {
      answer(
        response,
        502,
        `The model server did not answer: ${error.message}`,
        { 'Retry-After': '1' },
      );
    } else {
      response.destroy();
    }
  }
}

function isInference({ method, url }: http.IncomingMessage): boolean {
  return method === 'POST' && /\/infer(\?|$)/.test(url ?? '');
}

/** Whether a browser sends the request for a page of another site. Other clients send no such header. */
function isCrossSite(headers: http.IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && !['same-origin', 'none'].includes(String(site))) {
    return true;
  }
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}`;
}

function hostName(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '');
}

function answer(
  response: http.ServerResponse,
  status: number,
  message: string,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(`${JSON.stringify({ error: message })}\n`);
}
