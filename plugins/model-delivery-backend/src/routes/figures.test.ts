import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  FakeSystem,
  fakeVersion,
  modelEntity,
  unitTests,
} from '../__testUtils__/fakes';
import { BASE, MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

describe('the routes of delivery figures', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let mayRead = true;

  beforeAll(async () => {
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    system.evidence.set('0.1.0', [unitTests()]);
    backend = await startBackend({
      system,
      entities: [modelEntity()],
      features: [
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
          authorizeConditional: async requests =>
            requests.map(() => ({
              result: mayRead ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
            })),
        }).factory,
      ],
    });
    await until(async () => {
      const { body } = await backend.api.get(MODEL);
      return body.environments?.some(
        (e: { live: { version: string } | null }) => e.live !== null,
      );
    });
  });
  beforeEach(() => {
    mayRead = true;
  });
  afterAll(() => backend.stop());

  const fleet = (query: string) => backend.api.get(`${BASE}/figures?${query}`);

  it('count what went live, of one model and of the fleet', async () => {
    for (const path of [
      `${MODEL}/environments/staging/figures`,
      `${BASE}/figures?environment=staging`,
    ]) {
      const { body } = await backend.api.get(path).expect(200);
      expect(body).toMatchObject({
        environment: 'staging',
        limited: false,
        changesPerWeek: {
          value: null,
          n: 1,
          reason: 'Not enough data: 1 of 3 changes.',
        },
      });
      expect(Date.parse(body.to) - Date.parse(body.from)).toBe(90 * 86_400_000);
    }
  });

  it('count nothing of models that the caller may not see', async () => {
    mayRead = false;
    const { body } = await fleet('environment=staging').expect(200);
    expect(body.changesPerWeek.n).toBe(0);
  });

  it.each([
    ['days=1000&environment=staging', 'days'],
    ['days=90', 'environment'],
  ])('refuse %s, naming the parameter', async (query, name) => {
    const { body } = await fleet(query).expect(400);
    expect(body.error.message).toContain(name);
  });

  it('know no environment that the model does not declare', async () => {
    const { status } = await backend.api.get(
      `${MODEL}/environments/moon/figures`,
    );
    expect(status).toBe(404);
  });
});
