import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { FakeSystem, modelEntity } from '../__testUtils__/fakes';
import { MODEL, startBackend } from '../__testUtils__/startBackend';

jest.setTimeout(60_000);

describe('the audit log', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const denied = new Set<string>();
  const entries: object[] = [];

  beforeAll(async () => {
    backend = await startBackend({
      system: new FakeSystem(),
      entities: [modelEntity()],
      features: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result: denied.has(permission.name)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
            })),
        }).factory,
        mockServices.auditor.mock({
          createEvent: async ({ eventId, meta }) => ({
            success: async options => {
              entries.push({ eventId, ...meta, ...options?.meta, ended: 'ok' });
            },
            fail: async ({ meta: more }) => {
              entries.push({ eventId, ...meta, ...more, ended: 'failed' });
            },
          }),
        }).factory,
      ],
    });
  });
  afterAll(() => backend.stop());
  beforeEach(() => {
    denied.clear();
    entries.length = 0;
  });

  const deploy = (body: object) =>
    backend.api.post(`${MODEL}/deployments`).send(body);

  it('says who sent an invalid request, for which operation, and what is invalid', async () => {
    await deploy({ environment: 'production', version: 7 }).expect(400);
    expect(entries).toEqual([
      {
        eventId: 'createDeployment',
        by: 'user:default/mock',
        operation: expect.any(String),
        path: '/models/default/penguin-species/deployments',
        requestId: expect.any(String),
        why: expect.stringContaining('body.version is 7'),
        ended: 'failed',
      },
    ]);
  });

  it('says which permission refused a request', async () => {
    denied.add('model-delivery.deployment.create');
    await deploy({
      environment: 'production',
      version: '0.1.0',
      reason: 'Go',
    }).expect(403);
    expect(entries).toEqual([
      expect.objectContaining({
        eventId: 'createDeployment',
        by: 'user:default/mock',
        reason: 'Go',
        why: expect.stringContaining('model-delivery.deployment.create'),
        ended: 'failed',
      }),
    ]);
  });

  it('has no entry for a request that only reads', async () => {
    await backend.api.get(MODEL).query({ kind: '?' }).expect(400);
    expect(entries).toEqual([]);
  });
});
