import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openapi } from './openapi';
import { type Answer, type Call, ROUTES } from './routes';
import type { RepositoryState, RunState } from './standInState';

const LIMIT = 5_000;
export const STAND_IN_TOKEN = 'stand-in-token';
/** What the stand-in says that its host is called; what it stores is at a host of its own. */
export const STAND_IN_HOST = 'github.example';
export const STORAGE_HOST = 'results.actions.githubusercontent.com';

interface Logged {
  method: string;
  path: string;
  status: number;
  authorization: string | undefined;
}

export const NOT_FOUND: Answer = {
  status: 404,
  body: {
    message: 'Not Found',
    documentation_url: 'https://docs.github.com/rest',
    status: '404',
  },
};

/**
 * A GitHub on loopback that remembers what is done to it. Every answer it gives, and every body it
 * is sent, is held to GitHub's published description; what does not hold is in `violations`.
 */
export class GithubStandIn {
  readonly repositories = new Map<string, RepositoryState>();
  readonly log: Logged[] = [];
  readonly storageLog: Logged[] = [];
  readonly violations: string[] = [];

  remaining = LIMIT;
  resetsAt = Math.floor(Date.now() / 1000) + 3_600;
  /** Whether it tells the run that a dispatch started, as servers do since 2026. */
  tellsRuns = true;
  /** How often a run is looked at before it ends; null lets it go on. */
  looksUntilEnd: number | null = 2;
  /** Answers this instead, where it says so. */
  intercept: (method: string, path: string) => Answer | undefined = () =>
    undefined;
  #nextId = 1_000;
  readonly #api = http.createServer((request, response) => {
    void this.#serve(request, response);
  });
  readonly #storage = http.createServer((request, response) => {
    this.#serveStorage(request, response);
  });

  /** @throws Error where something said since the last call is not as GitHub describes it. */
  assertKept(): void {
    const found = this.violations.splice(0);
    if (found.length > 0) throw new Error(found.join('\n'));
  }

  async start(): Promise<void> {
    for (const server of [this.#api, this.#storage]) {
      await new Promise<void>(resolve => {
        server.listen(0, '127.0.0.1', resolve);
      });
    }
  }

  async stop(): Promise<void> {
    for (const server of [this.#api, this.#storage]) {
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    }
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#api.address() as AddressInfo).port}`;
  }

  get storagePort(): number {
    return (this.#storage.address() as AddressInfo).port;
  }

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  add(slug: string): RepositoryState {
    const [owner, name] = slug.split('/');
    const repo: RepositoryState = {
      owner,
      name,
      defaultBranch: 'main',
      branches: new Map([['main', { sha: sha('main'), files: new Map() }]]),
      commits: [],
      runs: [],
      deployments: [],
      pulls: [],
    };
    this.repositories.set(slug, repo);
    return repo;
  }

  /** A run of a workflow; ended well unless said otherwise. */
  addRun(
    repo: RepositoryState,
    parts: Partial<RunState> & { createdAt: string },
  ): RunState {
    const run: RunState = {
      id: this.nextId(),
      number: repo.runs.length + 1,
      workflow: 'model.yaml',
      event: 'push',
      branch: 'main',
      title: 'Change',
      inputs: {},
      attempts: [
        {
          status: 'completed',
          conclusion: 'success',
          startedAt: parts.createdAt,
          updatedAt: parts.createdAt,
          jobs: [],
        },
      ],
      artifacts: [],
      pending: [],
      protections: new Map(),
      looksLeft: null,
      ...parts,
    };
    repo.runs.push(run);
    return run;
  }

  requests(method: string, pattern: RegExp): Logged[] {
    return this.log.filter(
      one => one.method === method && pattern.test(one.path),
    );
  }

  async #serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const method = (request.method ?? 'GET').toLowerCase();
    const url = new URL(request.url ?? '/', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const answer =
      this.intercept(method, url.pathname) ??
      this.#answer(method, url, request, text ? JSON.parse(text) : undefined);
    const { headers, payload, status } = this.#wrap(request, answer);
    this.log.push({
      method,
      path: url.pathname + url.search,
      status,
      authorization: request.headers.authorization,
    });
    response.writeHead(status, headers).end(payload);
  }

  #answer(
    method: string,
    url: URL,
    request: http.IncomingMessage,
    body: any,
  ): Answer {
    if (request.headers.authorization !== `Bearer ${STAND_IN_TOKEN}`) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    if (this.remaining <= 0 && url.pathname !== '/rate_limit') {
      return { status: 403, body: { message: 'API rate limit exceeded' } };
    }
    for (const route of ROUTES) {
      const match = route.pattern.exec(url.pathname);
      if (route.method !== method || !match) continue;
      const { template } = route;
      const sent = openapi().faultOfRequest(method, template, body);
      if (sent) this.violations.push(`sent to ${method} ${template}: ${sent}`);
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [
          name,
          decodeURIComponent(value),
        ]),
      );
      const repo = this.repositories.get(`${params.owner}/${params.repo}`);
      const missing = template.startsWith('/repos/') && !repo;
      const call: Call = {
        standIn: this,
        repo: repo!,
        params,
        query: url.searchParams,
        body,
      };
      const answer = missing ? NOT_FOUND : route.answer(call);
      const fault = openapi().faultOfAnswer(
        method,
        template,
        answer.status,
        answer.body,
      );
      if (fault) {
        this.violations.push(
          `${method} ${template} ${answer.status}: ${fault}`,
        );
      }
      return answer;
    }
    this.violations.push(`no such route: ${method} ${url.pathname}`);
    return NOT_FOUND;
  }

  /** Adds the ETag and what is left of the limit; what did not change counts nothing. */
  #wrap(request: http.IncomingMessage, { status, body, headers = {} }: Answer) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const etag = payload && `W/"${sha(payload)}"`;
    const same =
      status === 200 && etag && request.headers['if-none-match'] === etag;
    if (
      !same &&
      this.remaining > 0 &&
      !request.url?.startsWith('/rate_limit')
    ) {
      this.remaining -= 1;
    }
    return {
      status: same ? 304 : status,
      payload: same ? undefined : payload,
      headers: {
        ...(payload && { 'content-type': 'application/json; charset=utf-8' }),
        ...(etag && status === 200 && { etag }),
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-remaining': String(this.remaining),
        'x-ratelimit-reset': String(this.resetsAt),
        'x-ratelimit-resource': 'core',
        ...headers,
      },
    };
  }

  #serveStorage(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): void {
    const path = request.url ?? '/';
    const content = this.#stored(path);
    this.storageLog.push({
      method: 'get',
      path,
      status: content ? 200 : 404,
      authorization: request.headers.authorization,
    });
    if (content) response.writeHead(200).end(content);
    else response.writeHead(404).end();
  }

  #stored(path: string): Buffer | undefined {
    const [, kind, name] = path.split('/');
    const id = Number(name);
    const runs = [...this.repositories.values()].flatMap(repo => repo.runs);
    if (kind === 'artifacts') {
      return runs.flatMap(run => run.artifacts).find(a => a.id === id)?.zip;
    }
    const jobs = runs.flatMap(run => run.attempts).flatMap(a => a.jobs);
    const job = jobs.find(one => one.id === id);
    return job && Buffer.from(job.log);
  }
}

export function sha(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
