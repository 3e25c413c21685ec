import { once } from 'node:events';
import http from 'node:http';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { sendSteadily } from './sendSteadily';

describe('sendSteadily', () => {
  let answer: http.ServerResponse[] = [];
  let received = 0;
  let url: string;
  const server = http.createServer((request, response) => {
    received += 1;
    request.resume();
    answer.push(response);
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    url = `http://127.0.0.1:${port}/`;
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  beforeEach(() => {
    answer = [];
    received = 0;
  });

  const answerAll = () => {
    for (const response of answer.splice(0)) response.end('{"id":"one"}');
  };
  const requests = [{ inputs: [] }, { inputs: [] }];

  it('sends each request to a server that is slow, with few at a time', async () => {
    const answered: number[] = [];
    const sent = sendSteadily({
      url,
      requests,
      perSecond: 1_000,
      count: 20,
      signal: AbortSignal.timeout(60_000),
      answered: async index => {
        answered.push(index);
      },
    });
    await waitFor(() => answer.length === 8, 'as many as may be under way');
    const answers = setInterval(answerAll, 5);
    await sent;
    clearInterval(answers);
    expect(received).toBe(20);
    expect(answered.filter(index => index === 0)).toHaveLength(10);
  });

  it('leaves out the requests of a pause', async () => {
    let looks = 0;
    const answers = setInterval(answerAll, 5);
    await sendSteadily({
      url,
      requests,
      perSecond: 1_000,
      count: 10,
      signal: AbortSignal.timeout(60_000),
      isPaused: () => {
        looks += 1;
        return looks <= 7;
      },
    });
    clearInterval(answers);
    expect(received).toBe(3);
  });
});
