import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { type ProxyServer, createProxyServer } from 'http-proxy-3';
import { CONFIG_KEY, isLoopback } from '../config';

const DRAIN_POLL_MS = 20;
/** A request that takes longer than this is not waited for. */
const DRAIN_LIMIT_MS = 60_000;
/** Ours close idle connections before any server does, so none is used that is just closing. */
const IDLE_MS = 2_000;

/** Where requests for an environment go now. */
class Route {
  inFlight = 0;
  readonly agent = new http.Agent({
    keepAlive: true,
    maxFreeSockets: 16,
    timeout: IDLE_MS,
  });

  constructor(readonly target: string) {}
}

/**
 * The one address under which every environment is reached, whatever version it serves:
 * `/<namespace>/<name>/<environment>/…`. Loopback only, and only for requests that mean loopback,
 * so that no page in a browser reaches it under a name of its own.
 */
export class Listener {
  private readonly routes = new Map<string, Route>();
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
      if (before) await drain(before);
    };
  }

  /** Sends requests nowhere. @param reason - a sentence for who asks meanwhile. */
  remove(key: string, reason: string): void {
    const route = this.routes.get(key);
    this.routes.delete(key);
    this.absent.set(key, reason);
    if (route) drain(route).catch(() => {});
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
    route.inFlight += 1;
    response.once('close', () => {
      route.inFlight -= 1;
    });
    const rest = match[4] ?? '/';
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    this.proxy.web(request, response, {
      target: route.target,
      agent: route.agent,
    });
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

async function drain(route: Route): Promise<void> {
  const deadline = Date.now() + DRAIN_LIMIT_MS;
  while (route.inFlight > 0 && Date.now() < deadline) {
    await sleep(DRAIN_POLL_MS);
  }
  route.agent.destroy();
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
