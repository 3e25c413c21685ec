import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';

const TIMEOUT_MS = 20_000;

export interface BoundedInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** Of the body; what is beyond it is not read. */
  maxBytes: number;
}

export interface BoundedAnswer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** There was more than was read. */
  cut: boolean;
}

export type BoundedRequest = (
  url: string,
  init: BoundedInit,
) => Promise<BoundedAnswer>;

/** Follows no redirect, so no answer chooses a host, and reads no more than it may. */
export function createBoundedRequest(): BoundedRequest {
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  return async (url, { method = 'GET', headers, body, signal, maxBytes }) => {
    const answer = await request(url, {
      dispatcher,
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
      signal,
    });
    return {
      status: answer.statusCode,
      headers: new Headers(headersOf(answer.headers)),
      ...(await readBounded(answer.body, maxBytes)),
    };
  };
}

/** The first bytes of a body, at most so many. */
export async function readBounded(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<{ bytes: Buffer; cut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    chunks.push(chunk);
    // Leaving the loop ends the connection.
    if (bytes > maxBytes) {
      return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), cut: true };
    }
  }
  return { bytes: Buffer.concat(chunks), cut: false };
}

function headersOf(
  headers: Record<string, string | string[] | undefined>,
): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')]],
  );
}
