import { setTimeout as sleep } from 'node:timers/promises';
import { StandIn } from './__testUtils__/StandIn';
import { context, monitorTarget } from './__testUtils__/monitors';
import { recorded } from './__testUtils__/recorded';
import { startPortal } from './__testUtils__/startPortal';

const SECRET = 'a-secret-of-some-length';

async function start(prometheus?: object) {
  const portal = await startPortal(prometheus);
  return {
    ...portal,
    push: async (body: unknown, authorization?: string) => {
      const answer = await fetch(portal.webhookUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(authorization && { authorization }),
        },
        body: JSON.stringify(body),
      });
      return answer.status;
    },
  };
}

describe('the module', () => {
  it('registers nothing where nothing is set up', async () => {
    const { providers, push, stop } = await start();
    expect(providers).toEqual([]);
    expect(await push({ alerts: [] })).toBe(404);
    await stop();
  });

  it('registers a provider for each server, and no ingress without a secret', async () => {
    const { providers, push, stop } = await start({
      servers: [
        { id: 'prometheus', url: 'http://a:9090' },
        {
          id: 'thanos',
          title: 'Thanos',
          url: 'http://b/prometheus',
          alertmanager: { url: 'http://c' },
        },
      ],
    });
    expect(
      providers.map(({ id, title, host }) => ({ id, title, host })),
    ).toEqual([
      { id: 'prometheus', title: 'Prometheus', host: 'a:9090' },
      { id: 'thanos', title: 'Thanos', host: 'b' },
    ]);
    expect(await push({ alerts: [] }, `Bearer ${SECRET}`)).toBe(404);
    await stop();
  });
});

describe('what an Alertmanager posts', () => {
  const firing = recorded('alertmanager/webhook-firing-modeldrift').body;
  let standIn: StandIn;
  let backend: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    standIn = await StandIn.start();
    backend = await start({
      servers: [
        {
          id: 'prometheus',
          url: standIn.url,
          alertmanager: { url: standIn.url, webhook: { secret: SECRET } },
        },
      ],
    });
  });
  afterAll(async () => {
    await backend.stop();
    await standIn.stop();
  });
  beforeEach(() => {
    backend.changes.length = 0;
    backend.seen.length = 0;
  });
  const ALL = { provider: 'prometheus', what: 'monitors', model: null };
  const CHURN = {
    ...ALL,
    model: { namespace: 'default', name: 'churn' },
  };
  const push = (body: unknown) => backend.push(body, `Bearer ${SECRET}`);

  it.each([
    undefined,
    'Bearer wrong',
    'Bearer ',
    `Bearer ${SECRET}x`,
    `Basic ${SECRET}`,
    SECRET,
  ])('without the secret is refused and has no effect: %s', async said => {
    expect(await backend.push(firing, said)).toBe(403);
    await sleep(50);
    expect(backend.changes).toEqual([]);
    expect(backend.seen).toEqual([]);
  });

  it('makes every monitor due before any was read', async () => {
    expect(await push(firing)).toBe(202);
    expect(backend.changes).toEqual([ALL]);
  });

  it('makes the models due whose monitors watch for it, and drops what was known', async () => {
    const [provider] = backend.providers;
    const drift = monitorTarget(
      { query: 'x', alerts: { alertname: 'ModelDriftHigh' } },
      { name: 'drift' },
    );
    await provider.read(drift, context);
    await provider.read(
      { ...monitorTarget({ query: 'x' }), name: 'other' },
      context,
    );
    const asked = standIn.count('/api/v2/alerts');
    expect(await push(firing)).toBe(202);
    expect(backend.changes).toEqual([CHURN]);
    await provider.read(drift, context);
    expect(standIn.count('/api/v2/alerts')).toBe(asked + 1);
  });

  it('late, twice or in another order says no more than that', async () => {
    const resolved = recorded('alertmanager/webhook-resolved').body;
    for (const body of [resolved, firing, firing, resolved]) await push(body);
    expect(backend.changes).toEqual([CHURN, CHURN, CHURN, CHURN]);
  });

  it('about what nobody is known to watch makes every monitor due', async () => {
    await push(recorded('alertmanager/webhook-firing-group-of-two').body);
    await push({ ...firing, truncatedAlerts: 3 });
    await push({
      ...firing,
      alerts: Array.from({ length: 201 }, () => firing.alerts[0]),
    });
    expect(backend.changes).toEqual([ALL, ALL, ALL]);
  });

  it('and is no notification has no effect', async () => {
    for (const body of [[], { alerts: 'x' }, { alerts: [{ labels: [7] }] }]) {
      expect(await push(body)).toBe(202);
    }
    expect(backend.changes).toEqual([]);
  });

  it('goes no further with its secret', async () => {
    await push(firing);
    expect(backend.seen).toHaveLength(1);
    expect(JSON.stringify(backend.seen)).not.toContain(SECRET);
  });
});
