import { mockServices } from '@backstage/backend-test-utils';
import { DataAddresses } from './DataAddresses';

const addresses = (data: object = {}) =>
  new DataAddresses(mockServices.rootConfig({ data }));

const configured = addresses({
  backend: {
    reading: {
      allow: [
        { host: 'data.example.com', paths: ['/open/'] },
        { host: '*.acme.test' },
      ],
    },
  },
  integrations: { github: [{ host: 'git.acme.example' }] },
});

describe('addresses of data', () => {
  it.each([
    'https://data.example.com/open/a.csv',
    'https://files.acme.test/a.csv',
    'https://git.acme.example/team/data/blob/main/a.csv',
    'https://github.com/acme/data/blob/main/a.csv',
  ])('allows %s', address => {
    expect(configured.problemOf(address)).toBeNull();
  });

  it.each([
    [
      'https://data.example.com/secret/a.csv',
      /this path of data\.example\.com/,
    ],
    ['https://data.example.com/open/../secret.csv', /this path/],
    [
      'https://acme.test/a.csv',
      /read from acme\.test.*backend\.reading\.allow/,
    ],
    ['https://data.example.com:8443/open/a.csv', /data\.example\.com:8443/],
    ['https://ada:secret@files.acme.test/a.csv', /^Remove the user name/],
    ['file:///etc/passwd', /whole address/],
    ['files.acme.test/a.csv', /whole address/],
  ])('refuses %s and says why', (address, reason) => {
    expect(configured.problemOf(address)).toMatch(reason);
  });

  it('does not repeat a password', () => {
    expect(
      configured.problemOf('https://ada:secret@nowhere.test/a.csv'),
    ).not.toContain('secret');
  });

  it('names the hosts, the configured ones first', () => {
    const hosts = configured.hosts();
    expect(hosts.slice(0, 2)).toEqual(['data.example.com', '*.acme.test']);
    expect(hosts).toContain('git.acme.example');
    expect(addresses().hosts()).toContain('github.com');
  });
});
