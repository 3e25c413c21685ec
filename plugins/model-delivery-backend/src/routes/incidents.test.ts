import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { FakeSystem, fakeVersion, modelEntity } from '../__testUtils__/fakes';
import { BASE, MODEL, startBackend } from '../__testUtils__/startBackend';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

describe('the routes of incidents', () => {
  let backend: Awaited<ReturnType<typeof startBackend>>;
  const denied = new Set<string>();

  beforeAll(async () => {
    const system = new FakeSystem();
    system.versions = [fakeVersion(1)];
    const entity = modelEntity();
    (entity.spec!.monitors as { critical: object }[])[0].critical = {
      above: 0.01,
    };
    entity.spec!.feedback = [
      {
        when: { monitor: 'latency-p95', is: 'critical', count: 1, of: 1 },
        then: 'notify',
        dryRun: true,
      },
    ];
    const decide = (requests: { permission: { name: string } }[]) =>
      requests.map(({ permission }) => ({
        result: denied.has(permission.name)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      }));
    backend = await startBackend({
      system,
      entities: [entity],
      features: [
        mockServices.permissions.mock({
          authorize: async requests => decide(requests) as never,
          authorizeConditional: async requests => decide(requests) as never,
        }).factory,
      ],
    });
    await until(async () => {
      const { body } = await backend.api.get(`${MODEL}/incidents`);
      return body.items?.[0]?.phase === 'watching';
    });
  });
  beforeEach(() => denied.clear());
  afterAll(() => backend.stop());

  const newest = async () =>
    (await backend.api.get(`${MODEL}/incidents`).expect(200)).body;
  const order = { reason: 'A known outage' };

  it('show an incident that its readings opened, with its thread', async () => {
    const { items, feedback } = await newest();
    expect(items).toEqual([
      expect.objectContaining({
        monitor: 'latency-p95',
        environment: 'production',
        then: 'notify',
        closedAt: null,
      }),
    ]);
    expect(feedback).toMatchObject({
      rules: 1,
      off: [],
      dryRun: false,
      retrainsPerDay: 3,
      retrainsLastDay: 0,
    });
    const { body } = await backend.api
      .get(`${MODEL}/incidents/${items[0].id}`)
      .expect(200);
    expect(body.thread.map((e: { type: string }) => e.type)).toEqual([
      'opened',
      'dry-run',
    ]);
    expect(body.thread[0].samples).toHaveLength(1);
  });

  it('know no incident of another name', async () => {
    await backend.api.get(`${MODEL}/incidents/other`).expect(404);
    await backend.api
      .post(`${MODEL}/incidents/other/dismiss`)
      .send(order)
      .expect(404);
  });

  it('hide the incidents of a model that may not be read', async () => {
    denied.add('model-delivery.read');
    await backend.api.get(`${MODEL}/incidents`).expect(404);
    await backend.api
      .post(`${MODEL}/feedback`)
      .send({ on: false, ...order })
      .expect(404);
  });

  it('switch feedback of a model and of all, each with its permission', async () => {
    denied.add('model-delivery.feedback.control');
    await backend.api
      .post(`${MODEL}/feedback`)
      .send({ on: false, ...order })
      .expect(403);
    const all = await backend.api
      .post(`${BASE}/feedback`)
      .send({ on: false, ...order })
      .expect(200);
    expect(all.body.off).toEqual([
      expect.objectContaining({
        scope: 'all',
        by: 'user:default/mock',
        ...order,
      }),
    ]);
    expect((await newest()).feedback.off).toHaveLength(1);

    denied.clear();
    denied.add('model-delivery.feedback.control-all');
    await backend.api
      .post(`${BASE}/feedback`)
      .send({ on: true, ...order })
      .expect(403);
    const both = await backend.api
      .post(`${MODEL}/feedback`)
      .send({ on: false, ...order })
      .expect(200);
    expect(both.body.off).toHaveLength(2);

    denied.clear();
    for (const path of [`${BASE}/feedback`, `${MODEL}/feedback`]) {
      await backend.api
        .post(path)
        .send({ on: true, ...order })
        .expect(200);
    }
    expect((await newest()).feedback.off).toEqual([]);
  });

  it('show who switched the feedback of all models, to those who may', async () => {
    const get = () => backend.api.get(`${BASE}/feedback`);
    const { body } = await get().expect(200);
    expect(body).toMatchObject({ off: null, dryRun: false, retrainsPerDay: 3 });
    expect(body.changes).toEqual([
      expect.objectContaining({ on: true, by: 'user:default/mock', ...order }),
      expect.objectContaining({ on: false }),
    ]);
    denied.add('model-delivery.feedback.control-all');
    await get().expect(403);
  });

  it('dismiss an incident once, with a reason', async () => {
    const [{ id }] = (await newest()).items;
    const path = `${MODEL}/incidents/${id}/dismiss`;
    await backend.api.post(path).send({}).expect(400);
    const { body } = await backend.api.post(path).send(order).expect(200);
    expect(body).toMatchObject({ cause: 'dismissed', phase: 'closed' });
    expect(body.thread.at(-1)).toMatchObject({
      type: 'closed',
      by: 'user:default/mock',
      message: 'Dismissed: A known outage',
    });
    await backend.api.post(path).send(order).expect(409);
    const open = await backend.api.get(`${MODEL}/incidents?open=true`);
    expect(open.body.items).toEqual([]);
  });
});
