import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openapi } from '../__testUtils__/openapi';
import { createCredentials } from './credentials';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const asked: string[] = [];
let broken: [number, unknown] | undefined;

/** As much of GitHub as an App needs to get a token for acme. */
const server = http.createServer((request, response) => {
  asked.push(`${request.method} ${request.url?.split('?')[0]}`);
  const installation = openapi().example('installation');
  const answers: Record<string, [number, unknown]> = {
    'GET /app/installations': [
      200,
      [
        {
          ...installation,
          id: 7,
          suspended_at: null,
          suspended_by: null,
          account: { ...installation.account, login: 'Acme' },
        },
      ],
    ],
    'POST /app/installations/7/access_tokens': [
      201,
      {
        ...openapi().example('installation-token'),
        token: 'of-acme',
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        repository_selection: 'selected',
      },
    ],
    'GET /installation/repositories': [
      200,
      {
        total_count: 1,
        repositories: [
          {
            ...openapi().example('repository-paginated-2').repositories[0],
            name: 'penguins',
          },
        ],
      },
    ],
  };
  const [status, body] = broken ?? answers[asked.at(-1)!] ?? [404, {}];
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(body));
});

beforeAll(async () => {
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => {
    server.close(resolve);
  });
});
beforeEach(() => {
  asked.length = 0;
  broken = undefined;
});

const app = () =>
  createCredentials('GitHub', {
    host: 'github.example',
    apiBaseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apps: [
      {
        appId: 1,
        privateKey,
        clientId: 'x',
        clientSecret: 'x',
        webhookSecret: 'x',
      },
    ],
  });

describe('credentials', () => {
  it('are the token, whose allowance is one for all and named without it', async () => {
    const token = createCredentials('GitHub', {
      host: 'github.example',
      token: 'the-secret',
    });
    const one = await token.of('acme', 'penguins');
    expect(one.token).toBe('the-secret');
    expect(one.key).not.toContain('secret');
    expect(await token.of('')).toEqual(one);
    expect(await token.owners()).toBeNull();
  });

  it('are a token of the App’s installation, with an allowance of its own', async () => {
    const credentials = app();
    const one = await credentials.of('acme', 'penguins');
    expect(one).toEqual({ token: 'of-acme', key: 'app:github.example/acme' });
    expect(await credentials.of('Acme')).toEqual(one);
    expect(await credentials.owners()).toEqual(['Acme']);
    expect(asked.filter(path => path.startsWith('POST'))).toHaveLength(1);
  });

  it('say for whom the App is not installed', async () => {
    await expect(app().of('beta', 'x')).rejects.toMatchObject({
      kind: 'unauthorized',
      message:
        'No GitHub App of the configuration is installed for beta on github.example, and there is no token.',
    });
  });

  it('say that the App may not see the repository', async () => {
    await expect(app().of('acme', 'secret')).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('gets no access to acme/secret'),
    });
  });

  it.each([
    [[401, { message: 'bad key' }], 'unauthorized'],
    [[502, {}], 'unavailable'],
  ] as const)('that GitHub answers with %j are %s', async (answer, kind) => {
    broken = [...answer];
    const error = await app()
      .of('acme', 'penguins')
      .catch(e => e);
    expect(error).toMatchObject({ name: 'ProviderError', kind });
    expect(error.message).not.toContain('PRIVATE');
  });
});
