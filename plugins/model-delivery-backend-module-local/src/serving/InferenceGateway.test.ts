import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import { Listener } from './Listener';
import { Route } from './Route';
import { Split } from './Split';
import { TrafficCounter } from './TrafficCounter';

const KEY = 'default/model/production';
const LARGE = 2 * 1024 * 1024;

type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => void;

const answering =
  (version: string): Handler =>
  (request, response) => {
    request.resume().once('end', () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ model_version: version }));
    });
  };
/** As a process that is killed while it works. */
const dying: Handler = (request, response) => {
  request.once('data', () => response.destroy());
};
/** As one that is killed when a part of its answer has left. */
const dyingLate: Handler = (request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('{"model', () => response.destroy());
  });
};

describe('an inference request whose server ends', () => {
  const servers: http.Server[] = [];
  let listener: Listener;

  beforeEach(async () => {
    listener = new Listener(
      { host: '127.0.0.1', port: 0 },
      mockServices.logger.mock(),
    );
    await listener.start();
  });
  afterEach(async () => {
    await listener.stop();
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  const serve = async (handler: Handler) => {
    const server = http.createServer(handler);
    servers.push(server);
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const rollOut = async (live: Handler, candidate: Handler, weight: number) => {
    listener.switchTo(KEY, await serve(live));
    const split = new Split(
      new Route(await serve(candidate)),
      new TrafficCounter(),
      null,
    );
    split.set({ weight, mirror: weight === 0 });
    listener.split(KEY, split);
    return split;
  };
  const ask = async (body = '{"inputs":[]}') => {
    const response = await fetch(
      `${listener.urlOf(KEY)}/v2/models/model/infer`,
      { method: 'POST', body },
    );
    return { status: response.status, ...(await response.json()) };
  };
  const counted = (split: Split) => {
    const { candidate, live } = split.counter.between(0, Infinity);
    return [
      [candidate.requests, candidate.errors],
      [live.requests, live.errors],
    ];
  };

  it.each([
    ['before it answers', dying],
    ['in the middle of its answer', dyingLate],
  ])(
    'is answered by the live one for a candidate that ends %s, whose failure counts',
    async (_when, candidate) => {
      const split = await rollOut(answering('live'), candidate, 100);
      expect(await ask()).toEqual({ status: 200, model_version: 'live' });
      expect(counted(split)).toEqual([
        [1, 1],
        [1, 0],
      ]);
    },
  );

  it('is answered by a candidate that users see for the live one', async () => {
    const split = await rollOut(dying, answering('candidate'), 1);
    expect(await ask()).toEqual({ status: 200, model_version: 'candidate' });
    expect(counted(split)).toEqual([
      [1, 0],
      [1, 1],
    ]);
    listener.remove(KEY, 'It ended.');
    expect(await ask()).toMatchObject({ model_version: 'candidate' });
  });

  it('is never answered by a shadow', async () => {
    await rollOut(dying, answering('shadow'), 0);
    expect(await ask()).toMatchObject({
      status: 502,
      error: expect.stringContaining('did not answer'),
    });
    listener.remove(KEY, 'It ended.');
    expect(await ask()).toEqual({ status: 503, error: 'It ended.' });
  });

  it('is sent again to the server that is live meanwhile', async () => {
    const next = await serve(answering('next'));
    listener.switchTo(
      KEY,
      await serve((_request, response) => {
        listener.switchTo(KEY, next);
        response.destroy();
      }),
    );
    expect(await ask()).toEqual({ status: 200, model_version: 'next' });
  });

  it('is sent twice at most', async () => {
    let asked = 0;
    listener.switchTo(
      KEY,
      await serve((_request, response) => {
        asked += 1;
        response.destroy();
      }),
    );
    expect((await ask()).status).toBe(502);
    expect(asked).toBe(2);
  });

  it('is not sent again where its body is too large to be kept', async () => {
    const split = await rollOut(answering('live'), dying, 100);
    expect((await ask('x'.repeat(LARGE))).status).toBe(502);
    expect(counted(split)).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it('passes a large answer whole', async () => {
    listener.switchTo(
      KEY,
      await serve((request, response) => {
        request.resume().once('end', () => {
          response.end(JSON.stringify({ text: 'x'.repeat(LARGE) }));
        });
      }),
    );
    expect((await ask()).text).toHaveLength(LARGE);
  });
});
