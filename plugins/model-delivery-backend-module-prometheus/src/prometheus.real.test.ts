import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type Signal,
  reading as readingSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import fc from 'fast-check';
import { waitFor } from '@slipway/plugin-model-delivery-node/testUtils';
import { ModelServer } from './__testUtils__/ModelServer';
import { type Child, freePort } from './__testUtils__/children';
import { context } from './__testUtils__/monitors';
import { describeWithServers, startStack } from './__testUtils__/stack';
import { startPortal } from './__testUtils__/startPortal';
import { bindQuery } from './promql/bind';

jest.setTimeout(60_000);

const SECRET = 'a-secret-of-some-length';
const LABELS = {
  model: 'penguin-species',
  namespace: 'default',
  environment: 'production',
};
const MODEL = { namespace: 'default', name: 'penguin-species' };
const RULES = [
  {
    name: 'models',
    rules: [
      {
        alert: 'ModelInputRejected',
        expr: 'sum by (model, namespace, environment) (rate(model_requests_total{endpoint="infer",code="400"}[4s])) > 0',
        labels: { severity: 'critical' },
        annotations: {
          summary: 'Somebody sends nonsense to {{ $labels.model }}',
        },
      },
      {
        alert: 'ModelAvailabilitySoon',
        expr: 'up{model="penguin-species"} == 1',
        for: '1h',
      },
      { alert: 'ModelBroken', expr: 'up * on (job) model_requests_total > 0' },
    ],
  },
];

describeWithServers('with real servers', () => {
  let folder: string;
  let model: ModelServer;
  let prometheus: Child;
  let alertmanager: Child;
  let startAlertmanager: () => Promise<Child>;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'prometheus-real-'));
    const ports = {
      prometheus: await freePort(),
      alertmanager: await freePort(),
    };
    const url = (name: keyof typeof ports) => `http://127.0.0.1:${ports[name]}`;
    [model, portal] = await Promise.all([
      ModelServer.start(folder),
      startPortal({
        servers: [
          {
            id: 'prometheus',
            url: url('prometheus'),
            windowSeconds: 8,
            unavailableAfterSeconds: 4,
            minStepSeconds: 1,
            alertmanager: {
              url: url('alertmanager'),
              webhook: { secret: SECRET },
            },
          },
        ],
      }),
    ]);
    const start = async (only: keyof typeof ports) =>
      startStack(path.join(folder, only), {
        ports,
        targets: [{ targets: [new URL(model.url).host], labels: LABELS }],
        rules: RULES,
        webhook: { url: portal.webhookUrl, secret: SECRET },
        only,
      });
    startAlertmanager = async () => start('alertmanager');
    [alertmanager, prometheus] = await Promise.all([
      startAlertmanager(),
      start('prometheus'),
    ]);
  });

  afterAll(async () => {
    await portal?.stop();
    await prometheus?.stop();
    await alertmanager?.stop();
    await model?.kill();
    if (folder) await fs.rm(folder, { recursive: true, force: true });
  });

  const provider = () => portal.providers[0];
  const ask = async (source: object, signal: Signal, name: string = signal) =>
    provider().read(
      {
        entityRef: 'mlmodel:default/penguin-species',
        ...MODEL,
        annotations: {},
        monitor: {
          name,
          signal,
          environment: 'production',
          source: { provider: 'prometheus', ...source },
        },
      },
      context,
    );
  const read = async (source: object, signal: Signal) =>
    readingSchema.parse(await ask(source, signal));
  const latency = () => read({ template: 'latency-p95' }, 'latency');
  const REJECTED = {
    alerts: { alertname: 'ModelInputRejected' },
    up: '{model="${model}"}',
  };
  const rejected = () => read(REJECTED, 'errors');

  it('says that they answer', async () => {
    expect(await provider().test?.(context)).toMatch(
      /^Prometheus \S+ answers queries; Alertmanager \S+ answers\.$/,
    );
  });

  it('has too little data before there is traffic, and all is up', async () => {
    await waitFor(
      async () => (await latency()).insufficient,
      'two scrapes of a server without traffic',
    );
    expect(
      await read({ template: 'availability' }, 'availability'),
    ).toMatchObject({
      value: 1,
    });
    expect(await read({ template: 'error-rate' }, 'errors')).toMatchObject({
      value: null,
      insufficient: true,
    });
  });

  it('reads latency, errors and the mix of predictions', async () => {
    const { value } = await waitFor(async () => {
      await model.predict(10);
      const found = await latency();
      return found.value !== null && found;
    }, 'a latency');
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(5);
    expect(await read({ template: 'error-rate' }, 'errors')).toMatchObject({
      value: 0,
    });
    const mix = await read({ template: 'prediction-mix' }, 'predictions');
    const shares = Object.fromEntries(
      mix.parts.map(part => [part.name, part.value!]),
    );
    expect(shares.Adelie).toBeGreaterThan(0.3);
    expect(shares.Gentoo).toBeGreaterThan(0.3);
    expect(shares.Chinstrap).toBe(0);
    expect(shares.Adelie + shares.Gentoo).toBeCloseTo(1, 6);
  });

  it('reads the share of answers that are a 5xx', async () => {
    const errors = await waitFor(async () => {
      await model.fail(15);
      await model.predict(5);
      const found = await read({ template: 'error-rate' }, 'errors');
      return found.value !== null && found.value > 0.5 && found;
    }, 'most answers to be failures');
    // Three of four, and before that none; refused inputs and scrapes do not count.
    expect(errors.value).toBeLessThan(0.8);
    expect(errors).toMatchObject({ insufficient: false, unavailable: false });
  });

  it('suggests what it has data for', async () => {
    const found = await provider().suggest!(
      { ...MODEL, environment: 'production' },
      context,
    );
    expect(
      found.filter(({ hasData }) => hasData).map(({ monitor }) => monitor.name),
    ).toEqual(['availability', 'latency-p95', 'error-rate', 'prediction-mix']);
    const nowhere = await provider().suggest!(
      { ...MODEL, environment: 'nowhere' },
      context,
    );
    expect(nowhere.some(({ hasData }) => hasData)).toBe(false);
  });

  it('reads the past', async () => {
    const now = Date.now();
    const past = await provider().readPast!(
      {
        entityRef: 'mlmodel:default/penguin-species',
        ...MODEL,
        annotations: {},
        monitor: {
          name: 'availability',
          signal: 'availability',
          environment: 'production',
          source: { provider: 'prometheus', template: 'availability' },
        },
      },
      {
        from: new Date(now - 60_000).toISOString(),
        to: new Date(now).toISOString(),
        stepSeconds: 1,
      },
      context,
    );
    expect(past.length).toBeGreaterThan(1);
    expect(past.at(-1)).toMatchObject({ value: 1 });
  });

  it('says of a query what Prometheus says', async () => {
    expect(
      (await read({ query: 'sum(rate(up[5m])' }, 'errors')).reason,
    ).toMatch(/refuses the query: .*unclosed left parenthesis/);
    expect(
      (await read({ query: 'up * on (job) model_requests_total' }, 'errors'))
        .reason,
    ).toMatch(/refuses the query: .*many-to-many/);
    expect((await read({ query: 'up[1m]' }, 'errors')).reason).toMatch(
      /stretch of time/,
    );
    expect(
      (await read({ query: 'model_requests_total' }, 'errors')).reason,
    ).toMatch(/differ in code, endpoint/);
    expect(
      (await read({ query: 'up{model="none"}' }, 'errors')).reason,
    ).toMatch(/gives nothing\. Prometheus has no target up\{model="none"\}/);
  });

  it('never has a value taken for PromQL', async () => {
    const format = async (query: string) => {
      const answer = await fetch(
        `${prometheus.said.prometheus}/api/v1/format_query?${new URLSearchParams({ query })}`,
      );
      return (await answer.json()) as { status: string; data: string };
    };
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom(
            '"} or vector(1)',
            "'} or vector(1)",
            '\\',
            '\n',
            '\u0000',
            '\ud800',
          ),
        ),
        fc.constantFrom('"', "'"),
        fc.constantFrom('=', '=~'),
        async (value, quote, sign) => {
          const query = `up{a${sign}${quote}\${value}${quote}}`;
          const { status, data } = await format(bindQuery(query, { value }));
          expect(status).toBe('success');
          // As Prometheus writes it again: one selector with one text.
          expect(data).toMatch(/^up\{a=~?"(?:[^"\\]|\\.)*"\}$/su);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('counts no alert where the rule works, and knows nothing where it does not', async () => {
    await waitFor(async () => (await rejected()).value === 0, 'the rule');
    const broken = await read(
      { alerts: { alertname: 'ModelBroken' }, up: '{model="${model}"}' },
      'errors',
    );
    expect(broken).toMatchObject({
      value: null,
      reason: expect.stringMatching(/cannot be evaluated: .*many-to-many/),
    });
  });

  it('tells an alert that is pending', async () => {
    // Pending as long as the target is up: a scrape that came late begins it anew.
    const alerts = await waitFor(async () => {
      const found = await read({ template: 'availability' }, 'availability');
      return found.alerts.length > 0 && found.alerts;
    }, 'an alert');
    expect(alerts).toMatchObject([
      { name: 'ModelAvailabilitySoon', state: 'pending' },
    ]);
  });

  it('tells an alert that fires, is silenced and is resolved; each is pushed', async () => {
    const misuse = setInterval(() => model.misuse().catch(() => {}), 200);
    const state = async (due: string) =>
      waitFor(async () => {
        const found = await rejected();
        return found.alerts[0]?.state === due && found;
      }, `the alert to be ${due}`);
    try {
      expect(await state('firing')).toMatchObject({
        value: 1,
        alerts: [
          {
            name: 'ModelInputRejected',
            severity: 'critical',
            summary: 'Somebody sends nonsense to penguin-species',
            url: expect.stringContaining('/graph?'),
          },
        ],
      });
      await waitFor(() => portal.changes.length > 0, 'a push');
      expect(portal.changes[0]).toEqual({
        provider: 'prometheus',
        what: 'monitors',
        model: MODEL,
      });

      const silences = `${alertmanager.said.alertmanager}/api/v2/silences`;
      const made = await fetch(silences, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          matchers: [
            {
              name: 'alertname',
              value: 'ModelInputRejected',
              isRegex: false,
              isEqual: true,
            },
          ],
          startsAt: new Date().toISOString(),
          endsAt: new Date(Date.now() + 600_000).toISOString(),
          createdBy: 'tester',
          comment: 'we know',
        }),
      });
      const { silenceID } = (await made.json()) as { silenceID: string };
      expect(await state('silenced')).toMatchObject({
        value: 0,
        alerts: [{ silence: { by: 'tester', comment: 'we know' } }],
      });
      await fetch(
        `${alertmanager.said.alertmanager}/api/v2/silence/${silenceID}`,
        {
          method: 'DELETE',
        },
      );
      await state('firing');
    } finally {
      clearInterval(misuse);
    }
    portal.changes.length = 0;
    await waitFor(
      async () => (await rejected()).alerts.length === 0,
      'the resolve',
    );
    await waitFor(() => portal.changes.length > 0, 'a push of the resolve');
    expect((await rejected()).value).toBe(0);
  });

  it('keeps the value while the Alertmanager is stopped, and finds it again', async () => {
    await alertmanager.stop();
    const unknown = {
      kind: 'unavailable',
      message: expect.stringMatching(
        /^The Alertmanager of Prometheus .* cannot be reached \(ECONNREFUSED\)\.$/,
      ),
    };
    await waitFor(
      async () => (await ask(REJECTED, 'errors')).alertsError,
      'the end of the Alertmanager to be noticed',
    );
    expect(
      await ask({ template: 'availability' }, 'availability'),
    ).toMatchObject({ value: 1, alertsError: unknown });
    expect(await ask(REJECTED, 'errors')).toMatchObject({
      value: null,
      alertsError: unknown,
    });
    alertmanager = await startAlertmanager();
    await waitFor(
      async () => (await rejected()).value === 0,
      'its alerts to be known again',
    );
    const again = await ask({ template: 'availability' }, 'availability');
    expect(again).toMatchObject({ value: 1 });
    expect(again).not.toHaveProperty('alertsError');
  });

  it('calls a server that was killed unknown, then unavailable, and never healthy', async () => {
    await model.predict(10);
    await model.kill();
    const killed = Date.now();
    const down = await waitFor(async () => {
      const found = await latency();
      return found.value === null && !found.insufficient && found;
    }, 'the death to be noticed');
    expect(Date.now() - killed).toBeLessThan(4_000);
    expect(down).toMatchObject({
      unavailable: false,
      reason: expect.stringMatching(
        /No target has answered Prometheus since \d{4}-/,
      ),
    });
    // Its series are gone: Prometheus answers with success and nothing.
    const gone = await read(
      { query: 'model_info{model="penguin-species"}' },
      'quality',
    );
    expect(gone.value).toBeNull();
    const unavailable = await waitFor(async () => {
      const found = await latency();
      expect(found.value).toBeNull();
      return found.unavailable && found;
    }, 'it to be unavailable');
    expect(unavailable.reason).toMatch(
      /No target has answered Prometheus since/,
    );
    const availability = await read(
      { template: 'availability' },
      'availability',
    );
    expect(availability.unavailable).toBe(true);
    expect(availability.value).toBeLessThan(1);
    // No alert fires, and that says nothing.
    expect(await rejected()).toMatchObject({
      value: null,
      unavailable: true,
      alerts: [],
    });
  });
});
