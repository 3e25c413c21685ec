import { cleanEnvironment, stripCredentials } from './environment';

describe('cleanEnvironment', () => {
  it('passes what is on the list, and no more', () => {
    expect(
      cleanEnvironment(
        {
          PATH: '/bin',
          AWS_SECRET_ACCESS_KEY: 'x',
          BACKEND_SECRET: 'x',
          HOME: '/root',
          https_proxy: 'http://me:word@proxy:3128',
          MINE: 'yes',
        },
        ['MINE'],
      ),
    ).toEqual({
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      PATH: '/bin',
      https_proxy: 'http://proxy:3128',
      MINE: 'yes',
    });
  });

  it.each([
    ['http://a:b@host:1/', 'http://host:1/'],
    ['http://a%40b:c@host', 'http://host'],
    ['a:b@host:3128', 'host:3128'],
    ['localhost,127.0.0.1,.example.org', 'localhost,127.0.0.1,.example.org'],
    [
      'https://a:b@one/simple https://c@two/simple',
      'https://one/simple https://two/simple',
    ],
  ])('strips %s to %s', (value, expected) => {
    expect(stripCredentials(value)).toBe(expected);
  });
});
