import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProviderErrorKind } from '../ProviderError';

type Answer = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => void;

interface Fault {
  name: string;
  kind: ProviderErrorKind;
  answer: Answer;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const say =
  (status: number, headers: http.OutgoingHttpHeaders, body: string): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

/** Written on and on; a reader that does not stop runs out of memory. */
const endless: Answer = (_, response) => {
  response.writeHead(200, JSON_TYPE);
  const chunk = ' '.repeat(1024 * 1024);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

/** How an outside system misbehaves over HTTP, and what a provider makes of it. */
export const UPSTREAM_FAULTS: Fault[] = [
  {
    name: 'refuses the credentials',
    kind: 'unauthorized',
    answer: say(401, { 'content-type': 'text/plain' }, 'no'),
  },
  {
    name: 'forbids it',
    kind: 'forbidden',
    answer: say(403, { 'content-type': 'text/plain' }, 'no'),
  },
  {
    name: 'does not have it',
    kind: 'not-found',
    answer: say(404, { 'content-type': 'text/html' }, '<h1>Not Found</h1>'),
  },
  {
    name: 'asks to wait and says for how long',
    kind: 'rate-limited',
    answer: say(429, { ...JSON_TYPE, 'retry-after': '7' }, '{}'),
  },
  {
    name: 'asks to wait and does not say for how long',
    kind: 'rate-limited',
    answer: say(429, JSON_TYPE, '{}'),
  },
  {
    name: 'fails',
    kind: 'unavailable',
    answer: say(500, { 'content-type': 'text/html' }, '<h1>oops</h1>'),
  },
  {
    name: 'is behind a gateway that fails',
    kind: 'unavailable',
    answer: say(503, { 'content-type': 'text/plain' }, 'upstream'),
  },
  {
    name: 'breaks off in the middle of a body',
    kind: 'unavailable',
    answer: (_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
      response.write('{"a":', () => response.destroy());
    },
  },
  {
    name: 'answers with a page for JSON',
    kind: 'bad-data',
    answer: say(200, { 'content-type': 'text/html' }, '<h1>Sign in</h1>'),
  },
  {
    name: 'answers with bytes of another type',
    kind: 'bad-data',
    answer: say(
      200,
      { 'content-type': 'application/octet-stream' },
      '\u0000\u0001',
    ),
  },
  {
    name: 'answers with JSON that is cut off',
    kind: 'bad-data',
    answer: say(200, JSON_TYPE, '{"items":[{"a":1},'),
  },
  {
    name: 'answers with JSON of another shape',
    kind: 'bad-data',
    answer: say(200, JSON_TYPE, '[7]'),
  },
  {
    name: 'answers without end',
    kind: 'bad-data',
    answer: endless,
  },
  {
    name: 'answers with nothing',
    kind: 'bad-data',
    answer: say(200, JSON_TYPE, ''),
  },
  {
    name: 'sends on to another host',
    kind: 'unavailable',
    answer: (request, response) => {
      const { port } = request.socket.address() as AddressInfo;
      response
        .writeHead(302, { location: `http://localhost:${port}/elsewhere` })
        .end();
    },
  },
];

export interface FaultServer {
  /** A base URL under which everything is answered with this fault. */
  url(fault: Fault): string;
  /** Accepts connections and answers nothing. */
  silentUrl: string;
  /** Speaks HTTP where TLS is due. */
  noTlsUrl: string;
  /** How many requests followed the redirect. */
  followed(): number;
  close(): Promise<void>;
}

/** Serves every fault of the table on loopback. */
export async function startFaultServer(): Promise<FaultServer> {
  let followed = 0;
  const server = http.createServer((request, response) => {
    const [, first] = (request.url ?? '').split('/');
    if (first === 'elsewhere') followed += 1;
    if (first === 'silent') return;
    const fault = UPSTREAM_FAULTS[Number(first)];
    if (fault) fault.answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: fault => `http://127.0.0.1:${port}/${UPSTREAM_FAULTS.indexOf(fault)}`,
    silentUrl: `http://127.0.0.1:${port}/silent`,
    noTlsUrl: `https://127.0.0.1:${port}`,
    followed: () => followed,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
