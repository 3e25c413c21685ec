import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { filesOf, readAll } from './__testUtils__/bytes';
import { MlflowServer, START_TIMEOUT_MS } from './__testUtils__/mlflowServer';
import { context, modelTarget, providerOf } from './__testUtils__/providers';
import { Seed } from './__testUtils__/Seed';

jest.setTimeout(START_TIMEOUT_MS);

const PASSWORD = 'a-long-enough-pa55word';
const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

describe('a registry that wants credentials', () => {
  let server: MlflowServer;
  let seed: Seed;
  const reader = { username: 'reader', password: 'reader-pa55word' };
  const model = modelTarget('guarded');
  beforeAll(async () => {
    server = await MlflowServer.start({ admin: { password: PASSWORD } });
    seed = new Seed(server.url, { authorization: basic('admin', PASSWORD) });
    await seed.post('users/create', reader);
    await seed.model('guarded');
    const run = await seed.run({ metrics: { accuracy: 0.9 } });
    const digest = await seed.bundle(run.artifacts, { 'model.bin': 'x' });
    await seed.upload(`${run.artifacts}/MODEL_CARD.md`, '# Guarded');
    await seed.version('guarded', {
      runId: run.id,
      tags: { 'slipway.digest': digest },
    });
  });
  afterAll(() => server?.close());

  it('lets a user with the right to read see everything', async () => {
    const provider = providerOf(server.url, { auth: reader });
    expect(await provider.getVersion(model, '1', context)).toMatchObject({
      metrics: [expect.objectContaining({ value: 0.9 })],
    });
    expect(await provider.getCard(model, '1', context)).toBe('# Guarded');
    expect(await provider.hasBundle(model, '1', context)).toBe(true);
  });

  it('forbids that user to mark', async () => {
    await expect(
      providerOf(server.url, { auth: reader }).mark(
        model,
        { version: '1', alias: 'production', by: 'x', deploymentId: 'd' },
        context,
      ),
    ).rejects.toMatchObject({ name: 'ProviderError', kind: 'forbidden' });
  });

  it('lets one who may edit the model mark', async () => {
    await seed.post('../../3.0/mlflow/users/permissions/grant', {
      username: 'reader',
      resource_type: 'registered_model',
      resource_id: 'guarded',
      permission: 'EDIT',
    });
    const provider = providerOf(server.url, { auth: reader });
    await provider.mark(
      model,
      { version: '1', alias: 'production', by: 'x', deploymentId: 'd' },
      context,
    );
    expect((await provider.getVersion(model, '1', context)).aliases).toEqual([
      'production',
    ]);
  });

  it.each([undefined, { ...reader, password: 'wrong-pa55word' }])(
    'refuses %j, and the message shows nothing of it',
    async auth => {
      const error = await providerOf(server.url, { auth }).test!(context).catch(
        cause => cause,
      );
      expect(error).toMatchObject({ kind: 'unauthorized' });
      expect(error.message).not.toContain('pa55word');
    },
  );

  describe('as a token', () => {
    let proxy: http.Server;
    let url: string;
    beforeAll(async () => {
      proxy = http.createServer((request, response) => {
        if (request.headers.authorization !== 'Bearer t0ken') {
          response.writeHead(401, { 'content-type': 'text/html' }).end('no');
          return;
        }
        const onward = http.request(
          `${server.url}${request.url}`,
          {
            method: request.method,
            headers: {
              ...request.headers,
              host: new URL(server.url).host,
              authorization: basic('admin', PASSWORD),
            },
          },
          answer => {
            response.writeHead(answer.statusCode!, answer.headers);
            answer.pipe(response);
          },
        );
        request.pipe(onward);
      });
      await new Promise<void>(resolve => {
        proxy.listen(0, '127.0.0.1', resolve);
      });
      url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      proxy.closeAllConnections();
      proxy.close();
    });

    it('takes it for the one that it is', async () => {
      const provider = providerOf(url, { auth: { token: 't0ken' } });
      expect((await provider.getVersion(model, '1', context)).version).toBe(
        '1',
      );
      const { stream } = await provider.openBundle(model, '1', context);
      expect(Object.keys(await filesOf(await readAll(stream)))).toContain(
        'manifest.json',
      );
    });

    it('refuses another', async () => {
      await expect(
        providerOf(url, { auth: { token: 'other' } }).test!(context),
      ).rejects.toMatchObject({ kind: 'unauthorized' });
    });
  });
});
