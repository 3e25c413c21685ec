import { reading as readingSchema } from '@slipway/plugin-model-delivery-common/schema';
import { StandIn, targets, vector } from '../__testUtils__/StandIn';
import {
  context,
  monitorTarget,
  serverConfig,
} from '../__testUtils__/monitors';
import { type Recorded, recorded } from '../__testUtils__/recorded';
import { PrometheusMonitorProvider } from '../monitoring/PrometheusMonitorProvider';

let standIn: StandIn;
let now = 0;
const providers: PrometheusMonitorProvider[] = [];
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterAll(async () => {
  await Promise.all(providers.map(provider => provider.close()));
  await standIn.stop();
});

const drift = (source: object = { alerts: { alertname: 'ModelDriftHigh' } }) =>
  monitorTarget(
    { query: 'x{job="a"}', ...source },
    { name: 'drift', signal: 'quality' },
  );

function make(
  settings: object = { alertmanager: { url: standIn.url } },
  alertPatienceMs?: number,
) {
  const provider = new PrometheusMonitorProvider(
    serverConfig({ url: standIn.url, ...settings }),
    () => now,
    alertPatienceMs,
  );
  providers.push(provider);
  return {
    provider,
    read: async (target = drift()) =>
      readingSchema.parse(await provider.read(target, context)),
  };
}

/** Answers these paths; a query gives 0.1. */
const answers = (byPath: Record<string, Recorded>) =>
  standIn.answers(({ path, params }) =>
    path === '/api/v1/query' && !params.query.startsWith('count_values')
      ? (byPath[path] ?? vector({ value: '0.1' }))
      : byPath[path],
  );
const V2 = '/api/v2/alerts';

describe('alerts of an Alertmanager', () => {
  it('that fire are told with what they say', async () => {
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    expect((await make().read()).alerts).toEqual([
      {
        name: 'ModelDriftHigh',
        state: 'firing',
        severity: 'warning',
        summary: 'PSI 0.31 for age',
        since: '2026-11-23T05:22:19.075Z',
        url: 'http://prometheus.example:19090/graph?g0.expr=model_drift_psi%7Bfeature%3D%22age%22%7D+%3E+0.25&g0.tab=1',
        silence: null,
      },
    ]);
    expect(standIn.asked.find(({ path }) => path === V2)?.params).toEqual({
      active: 'true',
      silenced: 'true',
      inhibited: 'true',
    });
    expect(standIn.count('/api/v2/silences')).toBe(0);
  });

  it('that are silenced say by whom and until when', async () => {
    answers({
      [V2]: recorded('alertmanager/alerts-v2-silenced'),
      '/api/v2/silences': recorded('alertmanager/silences-v2'),
    });
    expect((await make().read()).alerts).toMatchObject([
      {
        state: 'silenced',
        silence: {
          by: 'tester',
          comment: 'test',
          until: '2026-11-23T05:28:15.236Z',
        },
      },
    ]);
  });

  it('that are inhibited are held back too, without a silence', async () => {
    const inhibited = recorded('alertmanager/alerts-v2-silenced');
    inhibited.body[0].status = {
      state: 'suppressed',
      silencedBy: [],
      inhibitedBy: ['x'],
    };
    answers({ [V2]: inhibited });
    expect((await make().read()).alerts).toMatchObject([
      { state: 'silenced', silence: null },
    ]);
  });

  it('that are pending only Prometheus knows', async () => {
    answers({ '/api/v1/alerts': recorded('prometheus/alerts') });
    const { read } = make();
    expect(
      (await read(drift({ alerts: { alertname: 'ModelErrorRate' } }))).alerts,
    ).toMatchObject([{ state: 'pending', since: '2026-11-23T05:22:19.075Z' }]);
    // It fires in Prometheus, and the Alertmanager, which decides, does not have it.
    expect((await read()).alerts).toEqual([]);
  });

  it('come from Prometheus alone where there is no Alertmanager', async () => {
    answers({ '/api/v1/alerts': recorded('prometheus/alerts') });
    const { read } = make({ externalUrl: 'https://prom.example/p/' });
    expect((await read()).alerts).toMatchObject([
      { state: 'firing', url: 'https://prom.example/p/alerts' },
    ]);
    expect(standIn.count(V2)).toBe(0);
  });

  it('are none of Prometheus where it has no rules of its own', async () => {
    answers({
      '/api/v1/alerts': recorded('prometheus/404'),
      [V2]: recorded('alertmanager/alerts-v2'),
    });
    expect((await make().read()).alerts).toHaveLength(1);
  });

  it('are found by the names of model and monitor where the source says nothing', async () => {
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    expect((await make().read(drift({}))).alerts).toHaveLength(1);
  });

  it('have placeholders in what the source says', async () => {
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    const target = drift({ alerts: { model: '${model}', severity: 'page' } });
    expect((await make().read(target)).alerts).toHaveLength(1);
  });

  it('are critical by their label, come the worst first, and are cut', async () => {
    const many = recorded('alertmanager/alerts-v2');
    const [, one] = many.body;
    many.body = Array.from({ length: 80 }, (_, i) => ({
      ...one,
      labels: { ...one.labels, severity: i === 79 ? 'critical' : 'page' },
      annotations: { summary: 'x'.repeat(100_000) },
    }));
    answers({ [V2]: many });
    const { alerts } = await make().read();
    expect(alerts).toHaveLength(50);
    expect(alerts[0].severity).toBe('critical');
    expect(alerts[1].severity).toBe('warning');
    expect(alerts[0].summary.length).toBeLessThan(1_000);
  });

  it.each([
    [['javascript', 'alert(1)'].join(':'), null],
    ['data:text/html,x', null],
    ['http://user:pass@host/', null],
    ['//host/', null],
    [`http://host/${'x'.repeat(3_000)}`, null],
    ['https://host/graph?x=1', 'https://host/graph?x=1'],
  ])(
    'link to an address only where a page may (%#)',
    async (generatorURL, url) => {
      const hostile = recorded('alertmanager/alerts-v2');
      hostile.body[1].generatorURL = generatorURL;
      answers({ [V2]: hostile });
      expect((await make().read()).alerts[0].url).toBe(url);
    },
  );

  it('link to the addresses that the configuration names', async () => {
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    const alertmanager = {
      url: standIn.url,
      externalUrl: 'https://am.example',
    };
    const withPrometheus = make({
      externalUrl: 'https://prom.example/p',
      alertmanager,
    });
    expect((await withPrometheus.read()).alerts[0].url).toMatch(
      /^https:\/\/prom\.example\/p\/graph\?g0\.expr=model_drift_psi/,
    );
    const without = recorded('alertmanager/alerts-v2');
    delete without.body[1].generatorURL;
    answers({ [V2]: without });
    expect((await make({ alertmanager }).read()).alerts[0].url).toBe(
      'https://am.example/#/alerts?filter=%7Balertname%3D%22ModelDriftHigh%22%7D',
    );
  });

  it('that cannot be asked for are not known, and not none; the value stays', async () => {
    const badFilter = recorded('alertmanager/alerts-v2-badfilter');
    answers({ [V2]: badFilter });
    const found = await make().provider.read(drift(), context);
    expect(found).toMatchObject({
      value: 0.1,
      reason: null,
      alertsError: {
        kind: 'bad-data',
        message: expect.stringContaining('missing closing ]'),
      },
    });
    expect(found).not.toHaveProperty('alerts');
    answers({ [V2]: recorded('prometheus/404') });
    expect(await make().provider.read(drift(), context)).toMatchObject({
      value: 0.1,
      alertsError: { kind: 'not-found' },
    });
  });

  it('that do not come hold up a value only so long, and once for all monitors', async () => {
    const never = new Promise<Recorded>(() => {});
    const { provider } = make(undefined, 50);
    standIn.answers(({ path, params }) => {
      if (path === V2) return never;
      return params.query?.startsWith('x{')
        ? vector({ value: '0.1' })
        : undefined;
    });
    for (let monitor = 0; monitor < 3; monitor += 1) {
      expect(await provider.read(drift(), context)).toMatchObject({
        value: 0.1,
        alertsError: {
          kind: 'timeout',
          message: 'The alerts of Prometheus did not come in 0.05 s.',
        },
      });
    }
    expect(standIn.count(V2)).toBe(1);
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    // On a busy machine, an answer that is there can take longer than the limit, too.
    let read: Awaited<ReturnType<typeof provider.read>> | undefined;
    for (let tries = 0; tries < 100 && !read?.alerts; tries += 1) {
      now += 11_000;
      read = await provider.read(drift(), context);
    }
    expect(read).toMatchObject({ alerts: [{ state: 'firing' }] });
  });

  it('are no reason to go on where Prometheus itself is down', async () => {
    const none = await StandIn.start();
    const { provider } = make({ url: none.url });
    await none.stop();
    await expect(provider.read(drift(), context)).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('are asked for once by all monitors that are read in a few seconds', async () => {
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    const { provider, read } = make();
    await Promise.all([read(), read(), read()]);
    now += 2_000;
    await read();
    expect(standIn.count(V2)).toBe(1);
    now += 2_000;
    await read();
    expect(standIn.count(V2)).toBe(2);
    provider.forgetAlerts();
    await read();
    expect(standIn.count(V2)).toBe(3);
  });
});

describe('a monitor that only watches alerts', () => {
  const target = (alerts: object = { alertname: 'ModelDriftHigh' }) =>
    monitorTarget(
      { alerts, up: '{job="a"}' },
      { name: 'drift', signal: 'availability' },
    );

  it('counts those that fire', async () => {
    answers({ [V2]: recorded('alertmanager/alerts-v2') });
    expect(await make().read(target())).toMatchObject({
      value: 1,
      alerts: [{}],
    });
  });

  it('counts none where the rule is there and its targets answer', async () => {
    answers({});
    expect(await make().read(target())).toMatchObject({
      value: 0,
      reason: null,
    });
  });

  it('knows nothing while its alerts cannot be read', async () => {
    answers({ [V2]: { ...recorded('alertmanager/alerts-v2'), status: 503 } });
    expect(await make().provider.read(target(), context)).toMatchObject({
      value: null,
      insufficient: false,
      reason: 'The Alertmanager of Prometheus answered 503.',
      alertsError: { kind: 'unavailable' },
    });
  });

  it('knows nothing without such a rule', async () => {
    answers({});
    expect(await make().read(target({ alertname: 'Nope' }))).toMatchObject({
      value: null,
      insufficient: false,
      reason: expect.stringContaining('no alerting rule "Nope"'),
    });
  });

  it.each([
    ['err', 'many-to-many', /cannot be evaluated: many-to-many/],
    ['unknown', '', /not evaluated yet/],
  ])(
    'knows nothing while its rule is %s',
    async (health, lastError, reason) => {
      const rules = recorded('prometheus/rules-alert-only');
      Object.assign(rules.body.data.groups[0].rules[0], { health, lastError });
      answers({ '/api/v1/rules': rules });
      expect(await make().read(target())).toMatchObject({
        value: null,
        reason: expect.stringMatching(reason),
      });
    },
  );

  it('knows nothing where the server has no rules', async () => {
    answers({ '/api/v1/rules': recorded('prometheus/404') });
    expect(await make().read(target())).toMatchObject({
      value: null,
      reason: expect.stringContaining('no alerting rule'),
    });
  });

  it('knows nothing of an alert without a name', async () => {
    answers({});
    expect((await make().read(target({ team: 'ml' }))).reason).toMatch(
      /"alertname"/,
    );
  });

  it('knows nothing where the target is dead or not known: its alerts are resolved too', async () => {
    standIn.answers(({ params }) =>
      params.query?.startsWith('count_values') ? targets(0, 1) : undefined,
    );
    expect(await make().read(target())).toMatchObject({
      value: null,
      reason: expect.stringContaining('No target has answered'),
    });
    standIn.answers(({ params }) =>
      params.query?.startsWith('count_values') ? targets(0, 0) : undefined,
    );
    expect(await make().read(target())).toMatchObject({
      value: null,
      reason: expect.stringMatching(/no alert does not say.*has no target/),
    });
  });
});
