import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PipelineSchema } from '@gitbeaker/rest';

export const STAND_IN_TOKEN = 'stand-in-token';
const LIMIT = 2_000;

export interface JobState {
  id: number;
  name: string;
  stage: string;
  status: string;
  failure_reason?: string;
  allow_failure: boolean;
  log: string;
  archive: { filename: string; zip: Buffer } | null;
}

export interface PipelineState {
  id: number;
  ref: string;
  status: string;
  source: string;
  createdAt: string;
  variables: { key: string; value: string }[];
  jobs: JobState[];
}

interface Answer {
  status: number;
  body?: unknown;
  raw?: Buffer;
  headers?: Record<string, string>;
}

const ENDED = ['success', 'failed', 'canceled', 'skipped'];
const NOT_FOUND: Answer = {
  status: 404,
  body: { message: '404 Not found' },
};

/**
 * A GitLab on loopback that remembers what is done to it. Its answers have the fields that GitLab's
 * API documentation shows, with its paging and rate limit headers.
 */
export class GitlabStandIn {
  /** By path: the newest pipeline last. */
  readonly projects = new Map<string, PipelineState[]>();
  readonly log: { method: string; path: string; status: number }[] = [];
  remaining = LIMIT;
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

  /** A pipeline of a push that passed, unless said otherwise. */
  addPipeline(path: string, parts: Partial<PipelineState> = {}): PipelineState {
    const made: PipelineState = {
      id: this.nextId(),
      ref: 'main',
      status: 'success',
      source: 'push',
      createdAt: new Date().toISOString(),
      variables: [],
      jobs: [],
      ...parts,
    };
    const known = this.projects.get(path) ?? [];
    this.projects.set(path, [...known, made]);
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
      ...parts,
    };
    pipeline.jobs.push(made);
    return made;
  }

  async #serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const answer =
      request.headers.authorization === `Bearer ${STAND_IN_TOKEN}`
        ? this.#answer(method, url, text ? JSON.parse(text) : {})
        : { status: 401, body: { message: '401 Unauthorized' } };
    const payload =
      answer.raw ?? Buffer.from(JSON.stringify(answer.body ?? ''));
    const etag = `W/"${createHash('sha1').update(payload).digest('hex')}"`;
    const same = request.headers['if-none-match'] === etag;
    const status = same ? 304 : answer.status;
    this.remaining -= 1;
    this.log.push({ method, path: url.pathname + url.search, status });
    response.writeHead(status, {
      'content-type': answer.raw ? 'text/plain' : 'application/json',
      etag,
      'ratelimit-limit': String(LIMIT),
      'ratelimit-remaining': String(this.remaining),
      'ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 30),
      ...answer.headers,
    });
    response.end(same ? undefined : payload);
  }

  #answer(
    method: string,
    { pathname, searchParams: query }: URL,
    body: { ref?: string; variables?: PipelineState['variables'] },
  ): Answer {
    const [, path, rest] = /^\/projects\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
    const project = path && this.projects.get(decodeURIComponent(path));
    if (!project) return NOT_FOUND;
    if (rest === '') return { status: 200, body: { default_branch: 'main' } };
    if (rest === 'pipelines') {
      const found = project.filter(
        ({ ref, source }) =>
          [null, ref].includes(query.get('ref')) &&
          [null, source].includes(query.get('source')),
      );
      return paged(
        found.reverse().map(one => this.#listed(one)),
        query,
      );
    }
    if (rest === 'pipeline') {
      return this.#create(decodeURIComponent(path), body);
    }
    const [, kind, id, more = ''] =
      /^(pipelines|jobs)\/(\d+)\/?(.*)$/.exec(rest) ?? [];
    if (kind === 'jobs') return this.#ofJob(project, Number(id), more);
    const pipeline = project.find(one => one.id === Number(id));
    return pipeline
      ? this.#ofPipeline(method, pipeline, more, query)
      : NOT_FOUND;
  }

  #create(
    path: string,
    {
      ref = '',
      variables = [],
    }: {
      ref?: string;
      variables?: PipelineState['variables'];
    },
  ): Answer {
    if (ref !== 'main') {
      return {
        status: 400,
        body: { message: { base: ['Reference not found'] } },
      };
    }
    const made = this.addPipeline(path, {
      ref,
      status: 'running',
      source: 'api',
      variables,
    });
    return { status: 201, body: this.#shown(made) };
  }

  #ofPipeline(
    method: string,
    pipeline: PipelineState,
    more: string,
    query: URLSearchParams,
  ): Answer {
    if (more === 'variables') return { status: 200, body: pipeline.variables };
    if (more === 'jobs') {
      const jobs = pipeline.jobs.map(job => this.#job(pipeline, job));
      return paged(jobs.reverse(), query);
    }
    if (more === 'cancel' && method === 'POST') {
      if (!ENDED.includes(pipeline.status)) pipeline.status = 'canceled';
      return { status: 200, body: this.#shown(pipeline) };
    }
    return more === ''
      ? { status: 200, body: this.#shown(pipeline) }
      : NOT_FOUND;
  }

  #ofJob(project: PipelineState[], id: number, more: string): Answer {
    const pipeline = project.find(({ jobs }) => jobs.some(j => j.id === id));
    const job = pipeline?.jobs.find(one => one.id === id);
    if (!pipeline || !job) return NOT_FOUND;
    if (more === 'trace') return { status: 200, raw: Buffer.from(job.log) };
    if (more === 'artifacts' && job.archive) {
      return { status: 200, raw: job.archive.zip };
    }
    return more === ''
      ? { status: 200, body: this.#job(pipeline, job) }
      : NOT_FOUND;
  }

  #listed({ id, ref, status, source, createdAt }: PipelineState) {
    return {
      id,
      iid: id - 900,
      project_id: 1,
      sha: 'a'.repeat(40),
      ref,
      status,
      source,
      created_at: createdAt,
      updated_at: createdAt,
      web_url: `https://gitlab.example/-/pipelines/${id}`,
      name: null,
    } satisfies PipelineSchema;
  }

  #shown(pipeline: PipelineState) {
    const hasEnded = ENDED.includes(pipeline.status);
    return {
      ...this.#listed(pipeline),
      tag: false,
      yaml_errors: null,
      user: { id: 1, username: 'ada', name: 'Ada' },
      started_at: pipeline.createdAt,
      finished_at: hasEnded ? pipeline.createdAt : null,
    };
  }

  #job(pipeline: PipelineState, { log: _log, archive, ...job }: JobState) {
    const hasEnded = ENDED.includes(job.status);
    return {
      ...job,
      started_at: pipeline.createdAt,
      finished_at: hasEnded ? pipeline.createdAt : null,
      web_url: `https://gitlab.example/-/jobs/${job.id}`,
      pipeline: this.#listed(pipeline),
      commit: { title: 'Change', author_name: 'Ada' },
      artifacts: archive
        ? [
            {
              file_type: 'archive',
              filename: archive.filename,
              size: archive.zip.length,
              file_format: 'zip',
            },
          ]
        : [],
    };
  }
}

function paged(all: unknown[], query: URLSearchParams): Answer {
  const page = Number(query.get('page') ?? 1);
  const perPage = Number(query.get('per_page') ?? 20);
  const body = all.slice((page - 1) * perPage, page * perPage);
  const next = page * perPage < all.length ? String(page + 1) : '';
  return {
    status: 200,
    body,
    headers: {
      'x-page': String(page),
      'x-per-page': String(perPage),
      'x-next-page': next,
    },
  };
}
