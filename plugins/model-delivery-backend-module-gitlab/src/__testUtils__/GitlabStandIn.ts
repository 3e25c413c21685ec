import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './exchange';
import { answer } from './routes';
import type {
  DeploymentState,
  JobState,
  PipelineState,
  ProjectState,
} from './standInState';

export const STAND_IN_TOKEN = 'stand-in-token';
const LIMIT = 2_000;

/**
 * A GitLab on loopback that remembers what is done to it. Its answers have the fields that GitLab's
 * API documentation shows, with its paging and rate limit headers.
 */
export class GitlabStandIn {
  readonly projects = new Map<string, ProjectState>();
  readonly log: { method: string; path: string; status: number }[] = [];
  remaining = LIMIT;
  /** How often a pipeline that was started here is read until it ends; null for never. */
  looksUntilEnd: number | null = 2;
  /** Answers in the stand-in's place. */
  intercept: (method: string, path: string) => Answer | undefined = () =>
    undefined;
  #nextId = 1_000;
  readonly #server = http.createServer((request, response) => {
    void this.#serve(request, response);
  });

  async start(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  project(path: string): ProjectState {
    const known = this.projects.get(path) ?? {
      branches: new Map([['main', new Map()]]),
      mergeRequests: [],
      commits: [],
      pipelines: [],
      deployments: [],
      environments: new Map(),
    };
    this.projects.set(path, known);
    return known;
  }

  /** A pipeline of a push that passed, unless said otherwise. */
  addPipeline(path: string, parts: Partial<PipelineState> = {}): PipelineState {
    const createdAt = parts.createdAt ?? new Date().toISOString();
    const made: PipelineState = {
      id: this.nextId(),
      ref: 'main',
      status: 'success',
      source: 'push',
      name: null,
      createdAt,
      finishedAt: createdAt,
      variables: [],
      jobs: [],
      suites: [],
      looksLeft: null,
      ...parts,
    };
    this.project(path).pipelines.push(made);
    return made;
  }

  addJob(pipeline: PipelineState, parts: Partial<JobState> = {}): JobState {
    const made: JobState = {
      id: this.nextId(),
      name: 'train',
      stage: 'build',
      status: 'success',
      allow_failure: false,
      log: '',
      archive: null,
      junit: false,
      expiresAt: null,
      retried: false,
      ...parts,
    };
    pipeline.jobs.push(made);
    return made;
  }

  /** A successful one to production, unless said otherwise; it makes its environment. */
  addDeployment(
    path: string,
    parts: Partial<DeploymentState> = {},
  ): DeploymentState {
    const made: DeploymentState = {
      id: this.nextId(),
      environment: 'production',
      status: 'success',
      ref: 'main',
      updatedAt: new Date().toISOString(),
      by: null,
      approvals: {},
      ...parts,
    };
    const project = this.project(path);
    project.deployments.push(made);
    project.environments.set(made.environment, 'available');
    return made;
  }

  /** A pipeline that was started through the API: one that deploys has a job which does. */
  startPipeline(
    path: string,
    ref: string,
    variables: PipelineState['variables'],
  ): PipelineState {
    const pipeline = this.addPipeline(path, {
      ref,
      status: 'running',
      source: 'api',
      finishedAt: null,
      variables,
      looksLeft: this.looksUntilEnd,
    });
    const of = (name: string) => variables.find(({ key }) => key === name);
    if (of('SLIPWAY_ACTION')?.value === 'deploy') {
      const job = this.addJob(pipeline, { name: 'deploy', status: 'running' });
      this.addDeployment(path, {
        environment: of('SLIPWAY_ENVIRONMENT')?.value ?? '',
        status: 'running',
        by: { pipeline, job },
      });
    }
    return pipeline;
  }

  async #serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const path = url.pathname + url.search;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isAllowed =
      request.headers.authorization === `Bearer ${STAND_IN_TOKEN}`;
    const given = isAllowed
      ? (this.intercept(method, path) ??
        answer(this, { method, url, body: text ? JSON.parse(text) : {} }))
      : { status: 401, body: { message: '401 Unauthorized' } };
    const payload = given.raw ?? Buffer.from(JSON.stringify(given.body ?? ''));
    const etag = `W/"${createHash('sha1').update(payload).digest('hex')}"`;
    const same = request.headers['if-none-match'] === etag;
    const status = same ? 304 : given.status;
    this.remaining -= 1;
    this.log.push({ method, path, status });
    response.writeHead(status, {
      'content-type': given.raw ? 'text/plain' : 'application/json',
      etag,
      'ratelimit-limit': String(LIMIT),
      'ratelimit-remaining': String(this.remaining),
      'ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 30),
      ...given.headers,
    });
    response.end(same ? undefined : payload);
  }
}
