import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type Certificates,
  makeCertificates,
} from './__testUtils__/certificates';
import { type Child, freePort } from './__testUtils__/children';
import { context, serverConfig } from './__testUtils__/monitors';
import { describeWithServers, startStack } from './__testUtils__/stack';
import { PrometheusMonitorProvider } from './monitoring/PrometheusMonitorProvider';

jest.setTimeout(60_000);

const TOKEN = 'a-token-of-some-length';

describeWithServers('with a Prometheus that serves TLS', () => {
  let folder: string;
  let certificates: Certificates;
  let prometheus: Child;
  let port: number;

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'prometheus-tls-'));
    certificates = await makeCertificates(folder, '127.0.0.1');
    port = await freePort();
    prometheus = await startStack(path.join(folder, 'prometheus'), {
      ports: { prometheus: port, alertmanager: await freePort() },
      tls: certificates,
      only: 'prometheus',
    });
  });

  afterAll(async () => {
    await prometheus?.stop();
    if (folder) await fs.rm(folder, { recursive: true, force: true });
  });

  const trusted = async () => ({
    ca: await fs.readFile(certificates.ca, 'utf8'),
  });
  const test = async (host: string, tls?: { ca: string }) => {
    const provider = new PrometheusMonitorProvider(
      serverConfig({
        url: `https://${host}:${port}`,
        auth: { type: 'bearer', token: TOKEN },
        ...(tls && { tls }),
      }),
    );
    try {
      return await provider.test(context);
    } finally {
      await provider.close();
    }
  };
  const refusal = async (...args: Parameters<typeof test>) => {
    const error = await test(...args).then(
      said => {
        throw new Error(`It was let in: ${said}`);
      },
      cause => cause,
    );
    expect(error).toMatchObject({ name: 'ProviderError', kind: 'unavailable' });
    expect(error.message).not.toContain(TOKEN);
    expect(error.message).not.toContain(folder);
    return error.message;
  };

  it('lets it in that shows a certificate of the configured authority', async () => {
    expect(await test('127.0.0.1', await trusted())).toMatch(
      /^Prometheus \S+ answers queries/,
    );
  });

  it('trusts no authority that is not configured, and says so', async () => {
    expect(await refusal('127.0.0.1')).toMatch(
      /^Prometheus at 127\.0\.0\.1:\d+ shows a certificate that is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\); check the configured certificate authority\.$/,
    );
  });

  it('trusts no other authority of the same name', async () => {
    const other = await fs.mkdtemp(path.join(folder, 'other-'));
    const { ca } = await makeCertificates(other, '127.0.0.1');
    expect(
      await refusal('127.0.0.1', { ca: await fs.readFile(ca, 'utf8') }),
    ).toMatch(/a certificate that is not trusted/);
  });

  it('refuses a certificate for another host, and says so', async () => {
    expect(await refusal('localhost', await trusted())).toMatch(
      /^Prometheus at localhost:\d+ shows a certificate for another host \(ERR_TLS_CERT_ALTNAME_INVALID\); check the address\.$/,
    );
  });
});
