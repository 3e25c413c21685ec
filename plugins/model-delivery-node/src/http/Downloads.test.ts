import { isAllowedDownload, isPublicAddress, publicLookup } from './Downloads';

const HOSTS = ['*.actions.githubusercontent.com', 'storage.example'];

describe('a download', () => {
  it.each([
    'https://pipelines.actions.githubusercontent.com/x?sig=y',
    'https://a.b.actions.githubusercontent.com/x',
    'https://storage.example/x',
  ])('from %s is allowed', address => {
    expect(isAllowedDownload(address, HOSTS)).toBe(true);
  });

  it.each([
    'http://pipelines.actions.githubusercontent.com/x',
    'https://actions.githubusercontent.com.evil.example/x',
    'https://evilactions.githubusercontent.com/x',
    'https://x.storage.example/x',
    'https://user@storage.example/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'file:///etc/passwd',
    'nothing',
  ])('from %s is refused', address => {
    expect(isAllowedDownload(address, HOSTS)).toBe(false);
  });

  it.each([
    ['127.0.0.1', false],
    ['10.1.2.3', false],
    ['172.31.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:10.0.0.1', false],
    ['not an address', false],
    ['140.82.112.3', true],
    ['172.32.0.1', true],
    ['2606:50c0:8000::153', true],
  ])('to %s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });

  it('does not connect to a name that leads into this machine', async () => {
    const looked = await new Promise(resolve => {
      publicLookup('localhost', { all: true }, error => resolve(error));
    });
    expect(looked).toMatchObject({ code: 'EPRIVATE' });
  });
});
