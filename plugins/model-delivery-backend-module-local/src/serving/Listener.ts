import http from 'node:http';
import net from 'node:net';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { type ProxyServer, createProxyServer } from 'http-proxy-3';
import { CONFIG_KEY, isLoopback } from '../config';
import type { LabelRoutes } from '../labels/LabelRoutes';
import { Exchange } from './Exchange';
import { InferenceGateway } from './InferenceGateway';
import { answer, hostName, isCrossSite, isInference } from './requests';
import { Route } from './Route';
import { fits } from './send';
import type { Split } from './Split';
import { liveOf, type Way, wayOf } from './ways';

/**
 * The one address under which every environment is reached, whatever version it serves:
 * `/<namespace>/<name>/<environment>/…`. Loopback only, and only for requests that mean loopback,
 * so that no page in a browser reaches it under a name of its own.
 */
export class Listener {
  readonly #listen: { host: string; port: number };
  readonly #logger: LoggerService;
  readonly #routes = new Map<string, Route>();
  /** While a candidate rolls out. */
  readonly #splits = new Map<string, Split>();
  /** Of requests that stream. */
  readonly #exchanges = new WeakMap<http.IncomingMessage, Exchange>();
  readonly #absent = new Map<string, string>();
  readonly #inference: InferenceGateway;
  readonly #proxy: ProxyServer;
  readonly #server: http.Server;
  #port = 0;
  /** Set before it starts. */
  #labels: LabelRoutes | undefined;

  constructor(listen: { host: string; port: number }, logger: LoggerService) {
    this.#listen = listen;
    this.#logger = logger;
    this.#inference = new InferenceGateway(logger);
    this.#proxy = createProxyServer({ xfwd: false });
    this.#proxy.on('error', (error, _request, response) => {
      this.#answerFailure(error, response as http.ServerResponse | net.Socket);
    });
    this.#proxy.on('proxyRes', (begun, request) =>
      this.#exchanges.get(request)?.answering(begun),
    );
    this.#server = http.createServer((request, response) =>
      this.#handle(request, response),
    );
  }

  /** Has predictions kept and their labels taken here, so that neither depends on one server. */
  keepLabels(labels: LabelRoutes): void {
    this.#labels = labels;
  }

  /** @throws Error that names the setting where the port is taken. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(
                `Port ${this.#listen.port} on ${this.#listen.host} is taken, so model servers cannot be reached there: end what listens on it, or set ${CONFIG_KEY}.listen.port to another.`,
              )
            : error,
        ),
      );
      this.#server.listen(this.#listen.port, this.#listen.host, resolve);
    });
    this.#port = (this.#server.address() as net.AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    for (const route of this.#routes.values()) route.agent.destroy();
    for (const { candidate } of this.#splits.values())
      candidate.agent.destroy();
    this.#proxy.close();
  }

  /** Host and port, as it listens. */
  get address(): string {
    const host = this.#listen.host.includes(':')
      ? `[${this.#listen.host.replace(/[[\]]/g, '')}]`
      : this.#listen.host;
    return `${host}:${this.#port}`;
  }

  /** The address of an environment, the same for every version. */
  urlOf(key: string): string {
    return `http://${this.address}/${key}`;
  }

  isLive(key: string): boolean {
    return this.#routes.has(key);
  }

  /**
   * Sends new requests to a server.
   *
   * @returns what waits until the server that had them before has answered its last one, and
   *   closes the connections to it.
   */
  switchTo(key: string, target: string): () => Promise<void> {
    const before = this.#routes.get(key);
    this.#routes.set(key, new Route(target));
    this.#absent.delete(key);
    return async () => {
      await before?.drain();
    };
  }

  /**
   * Sends requests nowhere.
   *
   * @param reason - a sentence for who asks meanwhile.
   * @returns what waits until the server has answered its last request.
   */
  remove(key: string, reason: string): () => Promise<void> {
    const route = this.#routes.get(key);
    this.#routes.delete(key);
    this.#absent.set(key, reason);
    const drained = route?.drain().catch(() => {});
    return async () => {
      await drained;
    };
  }

  /** Shares the requests of an environment out between what is live and a candidate. */
  split(key: string, split: Split): void {
    this.#splits.set(key, split);
  }

  /**
   * Sends all requests to what is live again.
   *
   * @returns what waits until the candidate has answered its last one.
   */
  unsplit(key: string, split: Split): () => Promise<void> {
    if (this.#splits.get(key) === split) this.#splits.delete(key);
    return () => split.candidate.drain();
  }

  #handle(request: http.IncomingMessage, response: http.ServerResponse): void {
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
    const rest = match[4] ?? '/';
    if (this.#labels?.isLabel(request, rest)) {
      this.#labels
        .take(key, request, response)
        .catch(error => this.#answerFailure(error, response));
      return;
    }
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    const ways = () => ({
      live: this.#routes.get(key),
      split: this.#splits.get(key),
    });
    const { live } = ways();
    if (live && this.#labels?.isMetrics(request, rest)) {
      this.#labels
        .sendMetrics(key, live.target, response)
        .catch(error => this.#answerFailure(error, response));
    } else if (!isInference(request)) {
      this.#stream(key, request, response, liveOf(live));
    } else if (fits(request)) {
      this.#inference
        .answer({
          message: request,
          response,
          ways,
          onAnswer: (asked, given) => this.#labels?.answered(key, asked, given),
        })
        .catch(error => {
          if (this.#routes.has(key)) this.#answerFailure(error, response);
          else this.#answerAbsence(key, response);
        });
    } else {
      const { split } = ways();
      const way = wayOf(ways(), request);
      if (way && split) {
        const exchange = new Exchange(way.side, split.counter);
        this.#exchanges.set(request, exchange);
        response.once('close', () => exchange.ended(response));
      }
      this.#stream(key, request, response, way);
    }
  }

  /** Sends a request on as it arrives, once. */
  #stream(
    key: string,
    request: http.IncomingMessage,
    response: http.ServerResponse,
    way: Way | undefined,
  ): void {
    if (!way) {
      this.#answerAbsence(key, response);
      return;
    }
    const { target, agent } = way.route;
    way.route.follow(response);
    this.#proxy.web(request, response, { target, agent });
  }

  #answerAbsence(key: string, response: http.ServerResponse): void {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    answer(
      response,
      503,
      this.#absent.get(key) ?? `Nothing is live in ${key}.`,
      { 'Retry-After': '2' },
    );
  }

  #answerFailure(
    error: Error,
    response: http.ServerResponse | net.Socket,
  ): void {
    this.#logger.debug(`A request to a model server failed: ${error.message}`);
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
