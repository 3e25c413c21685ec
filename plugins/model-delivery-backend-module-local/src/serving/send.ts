import http from 'node:http';
import type { Readable } from 'node:stream';
import type { Route } from './Route';

/** Larger bodies are streamed, and neither kept nor read. */
const BODY_LIMIT = 1024 * 1024;
/** Of one connection, and not of the request or the answer. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

export type Asked = Pick<http.IncomingMessage, 'url' | 'headers'>;

/** What a server answered, once it is whole or too large to be kept. */
export interface Answer {
  head: http.IncomingMessage;
  /** The whole body, or its beginning where there is a rest. */
  body: Buffer;
  rest: http.IncomingMessage | undefined;
}

/** Whether a request says that its body is small enough to be kept. */
export function fits({ headers }: Pick<Asked, 'headers'>): boolean {
  return Number(headers['content-length'] ?? Infinity) <= BODY_LIMIT;
}

/** Collects a body that streams elsewhere; undefined where it is too large or broke off. */
export function collect(stream: Readable): Promise<Buffer | undefined> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    stream.once('end', () =>
      resolve(size <= BODY_LIMIT ? Buffer.concat(chunks) : undefined),
    );
    stream.once('error', () => resolve(undefined));
    stream.once('close', () => resolve(undefined));
  });
}

/**
 * Sends a request whose body is known. An answer counts as received when it is whole: until then, the
 * request can be sent to another server.
 *
 * @throws Error where the connection fails before that, or the signal aborts.
 */
export function send(
  route: Route,
  { url, headers }: Asked,
  body: Buffer,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${route.target}${url}`,
      {
        method: 'POST',
        agent: route.agent,
        headers: {
          ...Object.fromEntries(endToEnd(headers)),
          'content-length': body.length,
        },
        signal,
      },
      head => receive(head).then(resolve, reject),
    );
    request.once('error', reject);
    request.end(body);
  });
}

/** Answers a client with what a server answered. */
export function pass(answer: Answer, response: http.ServerResponse): void {
  const { head, body, rest } = answer;
  response.writeHead(
    head.statusCode!,
    Object.fromEntries(endToEnd(head.headers)),
  );
  if (!rest) {
    response.end(body);
    return;
  }
  response.write(body);
  rest.once('error', error => response.destroy(error));
  rest.pipe(response);
}

function receive(head: http.IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= BODY_LIMIT) return;
      head.off('data', onData);
      head.pause();
      resolve({ head, body: Buffer.concat(chunks), rest: head });
    };
    head.on('data', onData);
    head.once('end', () =>
      resolve({ head, body: Buffer.concat(chunks), rest: undefined }),
    );
    head.once('error', reject);
  });
}

function endToEnd(headers: http.IncomingHttpHeaders) {
  return Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
}
