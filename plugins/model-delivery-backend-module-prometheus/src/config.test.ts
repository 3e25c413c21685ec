import { ConfigReader } from '@backstage/config';
import { readServers } from './config';

const read = (prometheus: unknown) =>
  readServers(
    new ConfigReader({ modelDelivery: { prometheus } } as never, 'test'),
  );
const server = (rest: object = {}) => ({
  servers: [{ id: 'prometheus', url: 'http://prometheus:9090', ...rest }],
});

describe('the configuration', () => {
  it('may be missing', () => {
    expect(readServers(new ConfigReader({}))).toEqual([]);
    expect(read({ servers: [] })).toEqual([]);
  });

  it('has defaults', () => {
    expect(read(server())).toMatchObject([
      {
        id: 'prometheus',
        templates: {},
        windowSeconds: 300,
        unavailableAfterSeconds: 120,
        maxRangeSeconds: 2_592_000,
        minStepSeconds: 15,
      },
    ]);
  });

  it.each([
    [{}, /modelDelivery\.prometheus\.servers is missing/],
    [server({ id: 'Prom' }), /servers\[0\]\.id is "Prom".*a provider id/],
    [server({ url: 'ftp://x' }), /servers\[0\]\.url is "ftp:\/\/x"/],
    [server({ url: 'http://a:b@x' }), /must hold no credentials/],
    [
      server({ auth: { type: 'bearer' } }),
      /servers\[0\]\.auth\.token is missing/,
    ],
    [server({ nope: 1 }), /nope/],
    [
      server({
        alertmanager: { url: 'http://a', webhook: { secret: 'short' } },
      }),
      /webhook\.secret .*16/,
    ],
    [
      { servers: [...server().servers, ...server().servers] },
      /servers\[1\]\.id is "prometheus": is used twice/,
    ],
    [
      server({ templates: { t: { query: 'x[${w}]' } } }),
      /templates\.t\.query is "x\[\$\{w\}\]": has \$\{w\} where no label's/,
    ],
    [
      server({ templates: { t: { query: 'x', up: 'sum(up)' } } }),
      /templates\.t\.up .*one selector/,
    ],
  ])('that does not hold names the setting: %#', (prometheus, message) => {
    expect(() => read(prometheus)).toThrow(message);
  });

  it('says how a placeholder is written there where one was lost', () => {
    expect(() => read(server({ templates: { t: {} } }))).toThrow(
      /templates\.t\.query is missing.*a placeholder is written \$\$\{model\}/,
    );
  });
});
