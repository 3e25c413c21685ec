import { ConfigReader } from '@backstage/config';
import { readGithubConfig } from './config';

const read = (github: unknown, integrations?: unknown) =>
  readGithubConfig(
    new ConfigReader({
      integrations: {
        github: integrations ?? [{ host: 'github.com', token: 'x' }],
      },
      modelDelivery: { github },
    } as any),
  );

describe('modelDelivery.github', () => {
  it('is off without its section', () => {
    expect(readGithubConfig(new ConfigReader({}))).toBeUndefined();
  });

  it('follows github.com where it says nothing else', () => {
    expect(read({})).toMatchObject({
      artifact: 'reports',
      downloadHosts: [
        '*.actions.githubusercontent.com',
        '*.blob.core.windows.net',
      ],
      instances: [
        {
          id: 'github',
          title: 'GitHub',
          host: 'github.com',
          apiBaseUrl: 'https://api.github.com',
        },
      ],
    });
  });

  it('follows Enterprise hosts by ids of their own', () => {
    const integrations = [
      { host: 'github.com', token: 'x' },
      {
        host: 'ghe.example.com',
        apiBaseUrl: 'https://ghe.example.com/api/v3',
        token: 'y',
      },
    ];
    const hosts = [
      { id: 'github', host: 'github.com' },
      { id: 'ghe', host: 'ghe.example.com' },
    ];
    expect(read({ hosts }, integrations)!.instances).toMatchObject([
      { id: 'github' },
      {
        id: 'ghe',
        title: 'GitHub at ghe.example.com',
        apiBaseUrl: 'https://ghe.example.com/api/v3',
      },
    ]);
  });

  it.each([
    [{ unknown: true }, /modelDelivery\.github/],
    [{ artifact: '../x' }, /modelDelivery\.github\.artifact is "\.\.\/x"/],
    [{ downloadHosts: ['*'] }, /downloadHosts\[0\] is "\*"/],
    [{ hosts: [{ id: 'Git Hub', host: 'github.com' }] }, /hosts\[0\]\.id/],
    [
      { hosts: [{ id: 'ghe', host: 'ghe.example.com' }] },
      /integrations\.github has no host of that name/,
    ],
    [
      {
        hosts: [
          { id: 'a', host: 'github.com' },
          { id: 'b', host: 'github.com' },
        ],
      },
      /twice/,
    ],
  ])('refuses %j and says why', (github, message) => {
    expect(() => read(github)).toThrow(message);
  });

  it('refuses a host that it could only ask without credentials', () => {
    expect(() => read({}, [{ host: 'github.com' }])).toThrow(
      /neither apps nor a token for github\.com/,
    );
  });
});
