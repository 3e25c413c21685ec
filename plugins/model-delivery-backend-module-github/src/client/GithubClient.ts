import type { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import {
  type Budgets,
  ConditionalCache,
  unlessAborted,
} from '@slipway/plugin-model-delivery-node/http';
import type { z } from 'zod';
import type { Repository } from '../targets';
import type { Fetch, FetchInit } from './boundedFetch';
import type { Credential, Credentials } from './credentials';
import { type Answer, errorOfAnswer, errorOfRequest, waitOf } from './errors';
import { rateLimitOf } from './rateLimit';

export type Params = Record<
  string,
  string | number | boolean | undefined | object
>;

export interface GithubClientOptions {
  title: string;
  /** As addresses for people have it. */
  host: string;
  credentials: Credentials;
  octokitOf: (credential: string) => Octokit;
  fetch: Fetch;
  budgets: Budgets;
  /** Told of every answer; one that did not change counts against no limit. */
  onAnswer: (counted: boolean) => void;
  now: () => number;
}

/**
 * Asks GitHub: as Octokit does, with every address escaped by its routes, and within the budget of
 * the repository's credential. Everything thrown is a `ProviderError`, or the reason of the abort.
 */
export class GithubClient {
  readonly #options: GithubClientOptions;
  readonly #cache = new ConditionalCache();
  readonly #octokits = new Map<string, Octokit>();

  constructor(options: GithubClientOptions) {
    this.#options = options;
  }

  /** An address for people. */
  link({ owner, repo }: Repository, path = ''): string {
    return `https://${this.#options.host}/${owner}/${repo}${path}`;
  }

  /**
   * Reads, and costs nothing where nothing changed since.
   *
   * @param route - such as `/repos/{owner}/{repo}`; owner and repo are filled in.
   * @param schema - drops the fields that are not used, since the rest is kept.
   */
  async get<S extends z.ZodType>(
    repository: Repository,
    route: string,
    params: Params,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    return this.#read(
      repository,
      `GET ${route}`,
      { ...repository, ...params },
      schema,
      signal,
    );
  }

  /** Reads what belongs to an owner, or with no owner to the credential itself. */
  async getFor<S extends z.ZodType>(
    owner: string,
    route: string,
    params: Params,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    return this.#read({ owner }, `GET ${route}`, params, schema, signal);
  }

  async #read<S extends z.ZodType>(
    of: { owner: string; repo?: string },
    route: string,
    params: Params,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const credential = await this.#credential(of, signal);
    const key = `${credential.key} ${route} ${JSON.stringify(params)}`;
    const etag = this.#cache.etag(key);
    const answer = await this.#ask(credential, route, params, signal, {
      headers: etag ? { 'if-none-match': etag } : {},
    });
    if (answer.status === 304) {
      const kept = this.#cache.value(key);
      if (kept !== undefined) return kept as z.output<S>;
    }
    const value = this.#parse(schema, answer, params);
    const tag = answer.headers.etag;
    if (tag) this.#cache.put(key, String(tag), value);
    return value;
  }

  /** Acts, once: what may have been done is not asked for again. */
  async act<S extends z.ZodType>(
    repository: Repository,
    route: string,
    params: Params,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const credential = await this.#credential(repository, signal);
    const all = { ...repository, ...params };
    const answer = await this.#ask(credential, route, all, signal, {
      headers: {},
    });
    return this.#parse(schema, answer, all);
  }

  /** Where GitHub sends for what it keeps elsewhere; following it is the caller's. */
  async locate(
    repository: Repository,
    route: string,
    params: Params,
    signal: AbortSignal,
  ): Promise<string> {
    const credential = await this.#credential(repository, signal);
    const answer = await this.#ask(
      credential,
      `GET ${route}`,
      { ...repository, ...params },
      signal,
      { headers: {}, redirects: true },
    );
    const { location } = answer.headers;
    if (!location) {
      throw new ProviderError(
        'bad-data',
        `${this.#options.title} returned no address for the download.`,
      );
    }
    return String(location);
  }

  async #credential(
    { owner, repo }: { owner: string; repo?: string },
    signal: AbortSignal,
  ): Promise<Credential> {
    signal.throwIfAborted();
    return unlessAborted(this.#options.credentials.of(owner, repo), signal);
  }

  async #ask(
    credential: Credential,
    route: string,
    params: Params,
    signal: AbortSignal,
    how: {
      headers: Record<string, string>;
      redirects?: boolean;
    },
  ): Promise<Answer> {
    const { title, host, budgets, now } = this.#options;
    budgets.spend(credential.key);
    let failure: unknown;
    const fetch = async (url: string, init: FetchInit) => {
      failure = undefined;
      try {
        const response = await this.#options.fetch(url, init);
        const told = rateLimitOf(response.headers);
        if (told) budgets.learn(credential.key, told);
        this.#options.onAnswer(response.status !== 304);
        return response;
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    let answer: Answer;
    try {
      answer = await unlessAborted(
        this.#octokit(credential.key).request(route, {
          ...params,
          headers: {
            authorization: `Bearer ${credential.token}`,
            'x-github-api-version': '2022-11-28',
            ...how.headers,
          },
          request: {
            fetch,
            signal,
            ...(!route.startsWith('GET ') && { retries: 0 }),
          },
        }),
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (failure !== undefined) throw errorOfRequest(title, host, failure);
      if (!(error instanceof RequestError) || !error.response) {
        throw errorOfRequest(title, host, error);
      }
      answer = error.response as Answer;
    }
    const { status } = answer;
    const redirected = status >= 300 && status < 400 && status !== 304;
    if (status < 300 || status === 304 || (redirected && how.redirects)) {
      return answer;
    }
    const wait = waitOf(answer, now());
    if (wait !== undefined) budgets.block(credential.key, wait);
    throw errorOfAnswer(title, whereOf(params), answer, now());
  }

  #parse<S extends z.ZodType>(
    schema: S,
    answer: Answer,
    params: Params,
  ): z.output<S> {
    const parsed = schema.safeParse(answer.data);
    if (parsed.success) return parsed.data;
    const { title } = this.#options;
    throw new ProviderError(
      'bad-data',
      typeof answer.data === 'object' && !(answer.data instanceof ArrayBuffer)
        ? `${title} answered for ${whereOf(params)} with what is not understood: ${describeIssues('answer', parsed.error, answer.data).slice(0, 500)}`
        : `${title} answered for ${whereOf(params)} with something else than whole JSON; is the address right?`,
    );
  }

  #octokit(credential: string): Octokit {
    const known = this.#octokits.get(credential);
    if (known) return known;
    const made = this.#options.octokitOf(credential);
    this.#octokits.set(credential, made);
    return made;
  }
}

function whereOf({ owner, repo }: Params): string {
  return owner ? [owner, repo].filter(Boolean).join('/') : 'this';
}
