import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { createBoundedRequest } from '@slipway/plugin-model-delivery-node/http';

/** Bytes; the largest page that is read has some hundred runs or jobs. */
const MAX_BYTES = 16 * 1024 * 1024;
const WITHOUT_BODY = [204, 205, 304];

export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/** A bounded request as Octokit takes it. */
export function createBoundedFetch(): Fetch {
  const request = createBoundedRequest();
  return async (url, { method, headers, body, signal }) => {
    const answer = await request(url, {
      method,
      headers,
      body,
      signal,
      maxBytes: MAX_BYTES,
    });
    if (answer.cut) {
      throw new ProviderError(
        'bad-data',
        `GitHub answered with more than ${MAX_BYTES} bytes.`,
      );
    }
    return new Response(
      WITHOUT_BODY.includes(answer.status)
        ? null
        : new Uint8Array(answer.bytes),
      { status: answer.status, headers: answer.headers },
    );
  };
}
