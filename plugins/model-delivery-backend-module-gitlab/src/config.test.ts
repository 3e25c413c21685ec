import { ConfigReader } from '@backstage/config';
import { readGitlabConfig } from './config';

const read = (
  gitlab: unknown,
  integrations: object[] = [{ host: 'gitlab.com', token: 'secret-1' }],
) =>
  readGitlabConfig(
    new ConfigReader({
      modelDelivery: { gitlab },
      integrations: { gitlab: integrations },
    } as never),
  );

describe('the configuration', () => {
  it('is off without a section, and follows gitlab.com with an empty one', () => {
    expect(read(undefined)).toBeUndefined();
    expect(read({})).toEqual({
      artifact: 'reports',
      downloadHosts: [
        'cdn.artifacts.gitlab-static.net',
        'storage.googleapis.com',
      ],
      instances: [
        {
          id: 'gitlab',
          host: 'gitlab.com',
          title: 'GitLab',
          baseUrl: 'https://gitlab.com',
          apiBaseUrl: 'https://gitlab.com/api/v4',
          token: 'secret-1',
        },
      ],
    });
  });

  it('takes addresses of a host of its own from the integration', () => {
    const [instance] = read(
      { hosts: [{ id: 'own', host: 'git.acme.example' }] },
      [
        {
          host: 'git.acme.example',
          baseUrl: 'https://git.acme.example/gitlab/',
          apiBaseUrl: 'https://git.acme.example/gitlab/api/v4/',
          token: 'secret-2',
        },
      ],
    )!.instances;
    expect(instance).toEqual({
      id: 'own',
      host: 'git.acme.example',
      title: 'GitLab at git.acme.example',
      baseUrl: 'https://git.acme.example/gitlab',
      apiBaseUrl: 'https://git.acme.example/gitlab/api/v4',
      token: 'secret-2',
    });
  });

  it.each([
    [{ artifact: '../x' }, /modelDelivery\.gitlab\.artifact/],
    [{ downloadHosts: ['*'] }, /modelDelivery\.gitlab\.downloadHosts/],
    [{ hosts: [] }, /modelDelivery\.gitlab\.hosts/],
    [
      { hosts: [{ id: 'Git Lab', host: 'gitlab.com' }] },
      /modelDelivery\.gitlab\.hosts/,
    ],
    [{ host: 'gitlab.com' }, /modelDelivery\.gitlab/],
    [
      { hosts: [{ id: 'x', host: 'other.example' }] },
      /integrations\.gitlab has no host of that name/,
    ],
    [
      {
        hosts: [
          { id: 'x', host: 'gitlab.com' },
          { id: 'y', host: 'gitlab.com' },
        ],
      },
      /names the id y or the host gitlab\.com twice/,
    ],
  ])('%j is refused by the name of the setting', (gitlab, message) => {
    expect(() => read(gitlab)).toThrow(message);
  });

  it('is refused without a token', () => {
    expect(() => read({}, [{ host: 'gitlab.com' }])).toThrow(
      /integrations\.gitlab has no token for gitlab\.com/,
    );
  });
});
