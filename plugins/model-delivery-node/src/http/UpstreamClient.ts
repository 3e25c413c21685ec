import type { Readable } from 'node:stream';
import {
  describeIssues,
  type ProviderTarget,
} from '@slipway/plugin-model-delivery-common/schema';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { z } from 'zod';
import { ProviderError } from '../ProviderError';
import { errorOfFailure, errorOfStatus } from './errors';

export type UpstreamAuth =
  | { type: 'bearer'; token: string }
  | { type: 'basic'; username: string; password: string };

export interface UpstreamOptions {
  /** As messages name the system, such as `MLflow`. */
  title: string;
  /** From config, never from an entity. A path is kept as prefix. */
  baseUrl: string;
  auth?: UpstreamAuth;
  /** Sent with every request, such as a tenant's name. */
  headers?: Record<string, string>;
  /** PEM texts. */
  tls?: { ca?: string; cert?: string; key?: string };
  /** Until headers came, and between two parts of a body. Default: 20,000. */
  timeoutMs?: number;
  /** Of an answer that is read whole. Default: 32 MiB. */
  maxBytes?: number;
  /** Tells an error in the system's own words, where the status alone does not say enough. */
  explain?: (answer: {
    status: number;
    text: string;
  }) => ProviderError | undefined;
}

export interface UpstreamRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below the base URL; each part of it escaped by the caller. */
  path: string;
  query?: Record<string, string | number | string[] | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form, where a query would be too long. */
  form?: Record<string, string>;
}

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Asks one outside system over HTTP. It follows no redirect, so no answer chooses a host; it reads
 * at most the size that it is given; a failure is a `ProviderError` without credentials. It does
 * not try again: callers have a pace and back off.
 */
export class UpstreamClient {
  readonly #options: UpstreamOptions;
  readonly #dispatcher: Dispatcher;
  readonly #base: URL;
  readonly #headers: Record<string, string>;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#base = new URL(options.baseUrl);
    const timeout = options.timeoutMs ?? TIMEOUT_MS;
    this.#dispatcher = new EnvHttpProxyAgent({
      connect: { ...options.tls, timeout },
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    this.#headers = {
      accept: 'application/json',
      ...options.headers,
      ...authorization(options.auth),
    };
  }

  /** Host and port, as pages show it. */
  get host(): string {
    return this.#base.host;
  }

  /** An absolute address below the base URL, for people. */
  link(path: string): string {
    return this.#url({ path });
  }

  /** @throws ProviderError of kind `bad-data` that names what does not hold. */
  async json<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const { title } = this.#options;
    const where = `${title} at ${request.path}`;
    const { text, type } = await this.#whole(request, signal);
    if (!/\bjson\b/.test(type)) {
      throw new ProviderError(
        'bad-data',
        `${where} answered with ${type || 'no content type'} where JSON was due; is the address right?`,
      );
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new ProviderError(
        'bad-data',
        `${where} answered with JSON that is cut off or broken.`,
        { cause },
      );
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      throw new ProviderError(
        'bad-data',
        `${where} answered with what is not understood: ${describeIssues(
          'answer',
          parsed.error,
          value,
        ).slice(0, 500)}`,
      );
    }
    return parsed.data;
  }

  /** The answer as text, whatever its type. */
  async text(request: UpstreamRequest, signal: AbortSignal): Promise<string> {
    return (await this.#whole(request, signal)).text;
  }

  /** The answer's body as it comes; the caller limits what it takes. */
  async stream(
    request: UpstreamRequest,
    signal: AbortSignal,
  ): Promise<{ stream: Readable; sizeBytes: number | null }> {
    const { body, headers } = await this.#send(request, signal);
    const size = Number(headers['content-length'] ?? NaN);
    return { stream: body, sizeBytes: Number.isInteger(size) ? size : null };
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #whole(
    request: UpstreamRequest,
    signal: AbortSignal,
  ): Promise<{ text: string; type: string }> {
    const { title, maxBytes = MAX_BYTES } = this.#options;
    const { body, headers } = await this.#send(request, signal);
    const text = await this.#read(body, maxBytes, () => {
      throw new ProviderError(
        'bad-data',
        `${title} at ${request.path} answered with more than ${maxBytes} bytes.`,
      );
    });
    return { text, type: String(headers['content-type'] ?? '') };
  }

  async #send(request: UpstreamRequest, signal: AbortSignal) {
    const { title, explain } = this.#options;
    signal.throwIfAborted();
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.#dispatcher.request({
        origin: this.#base.origin,
        path: this.#url(request).slice(this.#base.origin.length),
        method: request.method ?? 'GET',
        headers: { ...this.#headers, ...contentType(request) },
        body: bodyOf(request),
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw errorOfFailure(title, this.host, error);
    }
    const { statusCode, headers, body } = answer;
    if (statusCode >= 200 && statusCode < 300) return { body, headers };
    const text = await this.#read(body, MAX_ERROR_BYTES, () => '').catch(
      () => '',
    );
    signal.throwIfAborted();
    throw (
      explain?.({ status: statusCode, text }) ??
      errorOfStatus(title, statusCode, headers)
    );
  }

  async #read(
    body: Readable,
    limit: number,
    tooLong: () => string,
  ): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        // Leaving the loop ends the connection.
        if (bytes > limit) return tooLong();
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof ProviderError || isAbort(error)) throw error;
      throw errorOfFailure(this.#options.title, this.host, error);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #url({ path, query }: UpstreamRequest): string {
    const url = new URL(this.#base);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
    for (const [name, value] of Object.entries(query ?? {})) {
      for (const item of value === undefined ? [] : [value].flat()) {
        url.searchParams.append(name, String(item));
      }
    }
    return url.href;
  }
}

function authorization(auth: UpstreamAuth | undefined): Record<string, string> {
  if (!auth) return {};
  const value =
    auth.type === 'bearer'
      ? `Bearer ${auth.token}`
      : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  return { authorization: value };
}

function contentType({ body, form }: UpstreamRequest): Record<string, string> {
  if (form) return { 'content-type': 'application/x-www-form-urlencoded' };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function bodyOf({ body, form }: UpstreamRequest): string | undefined {
  if (form) return new URLSearchParams(form).toString();
  return body === undefined ? undefined : JSON.stringify(body);
}

function isAbort(error: unknown): boolean {
  const name = (error as Error)?.name;
  return name === 'AbortError' || name === 'TimeoutError';
}

/**
 * Parses what an entity says for a provider.
 *
 * @throws ProviderError of kind `bad-data` that names the field, its value and what would be right.
 */
export function parseTarget<S extends z.ZodType>(
  schema: S,
  target: ProviderTarget,
): z.output<S> {
  const parsed = schema.safeParse(target, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ProviderError(
    'bad-data',
    `The entity says something else than ${target.provider} needs: ${describeIssues(
      'target',
      parsed.error,
      target,
    )}`,
  );
}
