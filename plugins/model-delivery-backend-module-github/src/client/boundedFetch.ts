import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';

/** Bytes; the largest page that is read has some hundred runs or jobs. */
const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
const WITHOUT_BODY = [204, 205, 304];

export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

/** Follows no redirect, so no answer chooses a host, and reads no more than it may. */
export function createBoundedFetch(): Fetch {
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  return async (url, { method = 'GET', headers, body, signal }) => {
    const answer = await request(url, {
      dispatcher,
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
      signal,
    });
    const bytes = await readBounded(answer.body, MAX_BYTES, () => {
      throw new ProviderError(
        'bad-data',
        `GitHub answered with more than ${MAX_BYTES} bytes.`,
      );
    });
    return new Response(
      WITHOUT_BODY.includes(answer.statusCode) ? null : new Uint8Array(bytes),
      { status: answer.statusCode, headers: headersOf(answer.headers) },
    );
  };
}

/** @param tooLong - called with what was read so far; its answer is the result. */
export async function readBounded(
  body: AsyncIterable<Buffer>,
  limit: number,
  tooLong: (head: Buffer) => Buffer,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    chunks.push(chunk);
    // Leaving the loop ends the connection.
    if (bytes > limit) return tooLong(Buffer.concat(chunks).subarray(0, limit));
  }
  return Buffer.concat(chunks);
}

function headersOf(
  headers: Record<string, string | string[] | undefined>,
): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')]],
  );
}
