import type {
  FormattedResponse,
  RequestOptions,
} from '@gitbeaker/requester-utils';
import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import {
  type BoundedAnswer,
  type BoundedRequest,
  type Budgets,
  ConditionalCache,
  errorOfFailure,
} from '@slipway/plugin-model-delivery-node/http';
import type { z } from 'zod';
import type { GitlabInstance } from '../config';
import { errorOfAnswer } from './errors';
import { type Gitlab, gitlabOver } from './gitbeaker';
import { rateLimitOf, waitOf } from './rateLimit';

/** Bytes; the largest page that is read has some hundred jobs. */
const MAX_BYTES = 16 * 1024 * 1024;
/** A configuration has one token for each host, and so one allowance. */
const CREDENTIAL = 'token';

interface Options {
  instance: GitlabInstance;
  request: BoundedRequest;
  budgets: Budgets;
  /** Called once for each answer, whatever it is. */
  onAnswer: () => void;
  now: () => number;
}

type Ask = (api: Gitlab) => Promise<unknown>;

/** Bytes, or the address at which GitLab keeps them. */
export type Content = { bytes: Buffer; cut: boolean } | { location: string };

/**
 * Asks GitLab within its rate limit. Everything thrown is a `ProviderError`, or the reason of the
 * abort. Each question is one request.
 */
export class GitlabClient {
  readonly #options: Options;
  readonly #cache = new ConditionalCache();

  constructor(options: Options) {
    this.#options = options;
  }

  /** An address for people. */
  link(project: string, path = ''): string {
    return `${this.#options.instance.baseUrl}/${project}${path}`;
  }

  /**
   * Reads; an answer that did not change is not sent again.
   *
   * @param where - as messages name it, such as the project's path.
   * @param schema - drops the fields that are not used, since the rest is kept.
   */
  async get<S extends z.ZodType>(
    where: string,
    ask: Ask,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    let key = '';
    let etag: string | null = null;
    let unchanged = false;
    const body = await this.#ask(ask, async (endpoint, request) => {
      key = `${endpoint}?${request.searchParams ?? ''}`;
      const known = this.#cache.etag(key);
      const answer = await this.#send(where, endpoint, request, {
        signal,
        headers: known ? { 'if-none-match': known } : {},
        accepts: status => status === 304,
      });
      unchanged = answer.status === 304;
      etag = answer.headers.get('etag');
      return responseOf(answer, unchanged ? null : this.#json(where, answer));
    });
    if (unchanged) {
      const kept = this.#cache.value(key);
      if (kept !== undefined) return kept as z.output<S>;
    }
    const value = this.#parse(where, schema, body);
    if (etag) this.#cache.put(key, etag, value);
    return value;
  }

  /** Acts, once: what may have been done is not asked for again. */
  async act<S extends z.ZodType>(
    where: string,
    ask: Ask,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const body = await this.#ask(ask, async (endpoint, request) => {
      const answer = await this.#send(where, endpoint, request, { signal });
      return responseOf(answer, this.#json(where, answer));
    });
    return this.#parse(where, schema, body);
  }

  /** Reads what is no JSON, at most so many bytes of it; an address is followed by the caller. */
  async content(
    where: string,
    ask: Ask,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Content> {
    let content: Content = { bytes: Buffer.alloc(0), cut: false };
    await this.#ask(ask, async (endpoint, request) => {
      const answer = await this.#send(where, endpoint, request, {
        signal,
        maxBytes,
        accepts: (status, headers) =>
          [302, 303, 307].includes(status) && headers.has('location'),
      });
      const location = answer.headers.get('location');
      content =
        answer.status >= 300 && location
          ? { location }
          : { bytes: answer.bytes, cut: answer.cut };
      return responseOf(answer, '');
    });
    return content;
  }

  async #ask(
    ask: Ask,
    send: (
      endpoint: string,
      request: RequestOptions,
    ) => Promise<FormattedResponse>,
  ): Promise<unknown> {
    return ask(gitlabOver(this.#options.instance.token, send));
  }

  async #send(
    where: string,
    endpoint: string,
    request: RequestOptions,
    how: {
      signal: AbortSignal;
      headers?: Record<string, string>;
      maxBytes?: number;
      accepts?: (status: number, headers: Headers) => boolean;
    },
  ): Promise<BoundedAnswer> {
    const { instance, budgets, onAnswer, now } = this.#options;
    const { signal } = how;
    signal.throwIfAborted();
    budgets.spend(CREDENTIAL);
    const search = request.searchParams ? `?${request.searchParams}` : '';
    let answer: BoundedAnswer;
    try {
      answer = await this.#options.request(
        `${instance.apiBaseUrl}/${endpoint}${search}`,
        {
          method: request.method,
          headers: {
            accept: '*/*',
            'user-agent': 'slipway-model-delivery',
            ...request.headers,
            ...how.headers,
          },
          body: typeof request.body === 'string' ? request.body : undefined,
          signal,
          maxBytes: how.maxBytes ?? MAX_BYTES,
        },
      );
    } catch (error) {
      signal.throwIfAborted();
      throw errorOfFailure(instance.title, instance.host, error);
    }
    const { status, headers } = answer;
    onAnswer();
    budgets.learn(CREDENTIAL, rateLimitOf(headers));
    if (status < 300 || how.accepts?.(status, headers)) return answer;
    if (status === 429) budgets.block(CREDENTIAL, waitOf(headers, now()));
    throw errorOfAnswer(instance, where, answer, now());
  }

  #json(where: string, answer: BoundedAnswer): FormattedResponse['body'] {
    const { title } = this.#options.instance;
    if (answer.status === 204) return null;
    const { bytes, cut, headers } = answer;
    if (cut) {
      throw new ProviderError(
        'bad-data',
        `${title} answered for ${where} with more than ${MAX_BYTES} bytes.`,
      );
    }
    try {
      if (/\bjson\b/.test(headers.get('content-type') ?? '')) {
        return JSON.parse(bytes.toString('utf8'));
      }
    } catch {
      // As below.
    }
    throw new ProviderError(
      'bad-data',
      `${title} answered for ${where} with something else than whole JSON; is the address right?`,
    );
  }

  #parse<S extends z.ZodType>(
    where: string,
    schema: S,
    body: unknown,
  ): z.output<S> {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new ProviderError(
      'bad-data',
      `${this.#options.instance.title} answered for ${where} with what is not understood: ${describeIssues('answer', parsed.error, body).slice(0, 500)}`,
    );
  }
}

function responseOf(
  { status, headers }: BoundedAnswer,
  body: FormattedResponse['body'],
): FormattedResponse {
  return { status, headers: Object.fromEntries(headers.entries()), body };
}
