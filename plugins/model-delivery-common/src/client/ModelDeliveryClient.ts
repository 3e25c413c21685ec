import { ResponseError } from '@backstage/errors';
import type { z } from 'zod';
import { type OperationName, type Operations, operations } from '../contract';

/** What a caller passes: parameters, query and body as the contract takes them in. */
export type CallInput<N extends OperationName> = {
  params?: z.input<Operations[N]['params']>;
  query?: z.input<Operations[N]['query']>;
  body?: Operations[N] extends { body?: infer B }
    ? B extends z.ZodType
      ? z.input<B>
      : undefined
    : undefined;
  /** Makes a repeated request have one effect, where the operation is idempotent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  token?: string;
};
export type CallAnswer<N extends OperationName> = z.output<
  Operations[N]['answer']
>;

type FetchApi = { fetch: typeof fetch };
type DiscoveryApi = { getBaseUrl(pluginId: string): Promise<string> };

/**
 * The typed client of the REST API. Answers are parsed: what does not fit the contract is an error
 * here and not a surprise in a page.
 */
export class ModelDeliveryClient {
  readonly #discovery: DiscoveryApi;
  readonly #fetch: FetchApi;

  constructor(options: { discoveryApi: DiscoveryApi; fetchApi: FetchApi }) {
    this.#discovery = options.discoveryApi;
    this.#fetch = options.fetchApi;
  }

  /** @throws ResponseError for an answer that is not a success. */
  async call<N extends OperationName>(
    name: N,
    input: CallInput<N> = {},
  ): Promise<CallAnswer<N>> {
    const op = operations[name];
    const base = await this.#discovery.getBaseUrl('model-delivery');
    const response = await this.#fetch.fetch(
      `${base}/v1${fillPath(op.path, input.params ?? {})}${queryString(
        input.query ?? {},
      )}`,
      {
        method: op.method.toLocaleUpperCase('en-US'),
        signal: input.signal,
        headers: {
          ...(input.body === undefined
            ? {}
            : { 'content-type': 'application/json' }),
          ...(input.idempotencyKey
            ? { 'idempotency-key': input.idempotencyKey }
            : {}),
          ...(input.token ? { authorization: `Bearer ${input.token}` } : {}),
        },
        body: input.body === undefined ? undefined : JSON.stringify(input.body),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    const answer =
      'answerType' in op ? await response.text() : await response.json();
    return op.answer.parse(answer) as CallAnswer<N>;
  }
}

function fillPath(path: string, params: object): string {
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  );
}

function queryString(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null && item !== '') {
        search.append(name, String(item));
      }
    }
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
