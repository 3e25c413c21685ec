import { reading as readingSchema } from '@slipway/plugin-model-delivery-common/schema';
import type { MonitorTarget } from '@slipway/plugin-model-delivery-node';
import { StandIn, range, targets, vector } from '../__testUtils__/StandIn';
import {
  context,
  monitorTarget,
  serverConfig,
} from '../__testUtils__/monitors';
import { recorded } from '../__testUtils__/recorded';
import { PrometheusMonitorProvider } from './PrometheusMonitorProvider';

const NOW = Date.parse('2026-11-23T05:23:14Z');
const seconds = (before: number) => NOW / 1_000 - before;
const isUp = ({ params }: { params: Record<string, string> }) =>
  params.query?.startsWith('count_values');

let standIn: StandIn;
beforeAll(async () => {
  standIn = await StandIn.start();
});
afterAll(() => standIn.stop());

async function read(target: MonitorTarget, settings: object = {}) {
  const provider = new PrometheusMonitorProvider(
    serverConfig({ url: standIn.url, ...settings }),
    () => NOW,
  );
  try {
    return readingSchema.parse(await provider.read(target, context));
  } finally {
    await provider.close();
  }
}

/** Answers the query with this, and says that its target is up. */
const gives = (answer: ReturnType<typeof recorded>) =>
  standIn.answers(asked =>
    asked.path === '/api/v1/query' && !isUp(asked) ? answer : undefined,
  );

const UNKNOWN = { value: null, insufficient: false, unavailable: false };

describe('what a query gives', () => {
  it('is the value of its one series', async () => {
    gives(recorded('prometheus/query-quantile'));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      at: '2026-11-23T05:23:14.000Z',
      value: 0.5,
      insufficient: false,
      reason: null,
      parts: [],
    });
  });

  it('may be a scalar', async () => {
    gives(recorded('prometheus/query-scalar'));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      value: 2,
    });
  });

  it('is too little to say where it is NaN', async () => {
    gives(recorded('prometheus/query-div-zero-nan'));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      value: null,
      insufficient: true,
      reason: expect.stringContaining('no requests'),
    });
  });

  it.each(['+Inf', '-Inf'])('is not known where it is %s', async value => {
    gives(vector({ value }));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      ...UNKNOWN,
      reason: `The query gives ${value}.`,
    });
  });

  it('is not known where it is nothing, and never zero', async () => {
    gives(recorded('prometheus/query-nodata'));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      ...UNKNOWN,
      reason: expect.stringContaining(
        'gives nothing, though its target answers',
      ),
    });
  });

  it('must be one series, and the labels that differ are told', async () => {
    gives(recorded('prometheus/query-instant'));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      ...UNKNOWN,
      reason: expect.stringMatching(
        /gives 2 series, which differ in code, and one is due.*sum.*"parts"/,
      ),
    });
  });

  it.each([
    ['query-matrix', /stretch of time.*avg_over_time/],
    ['query-string', /gives a text/],
    ['query-bad', /refuses the query: .*unclosed left parenthesis/],
    [
      'query-exec-error',
      /refuses the query: found duplicate series .*many-to-many/,
    ],
  ])('that is no number says why: %s', async (name, reason) => {
    gives(recorded(`prometheus/${name}`));
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      ...UNKNOWN,
      reason: expect.stringMatching(reason),
    });
  });

  it('that is a native histogram, or the buckets of one, says how to ask', async () => {
    const native = recorded('prometheus/query-quantile');
    native.body.data.result = [
      {
        metric: {},
        histogram: [1795411394, { count: '3', sum: '1', buckets: [] }],
      },
    ];
    gives(native);
    expect((await read(monitorTarget({ query: 'x' }))).reason).toMatch(
      /native histogram.*histogram_quantile\(0\.95, sum\(rate/,
    );
    gives(
      vector(
        { metric: { le: '1' }, value: '1' },
        { metric: { le: '2' }, value: '2' },
      ),
    );
    expect((await read(monitorTarget({ query: 'x' }))).reason).toMatch(
      /buckets of a histogram.*sum by \(le\)/,
    );
  });

  it('carries the warnings of Prometheus', async () => {
    const partial = recorded('prometheus/query-quantile');
    partial.body.warnings = ['a store did not answer'];
    gives(partial);
    expect(await read(monitorTarget({ query: 'x' }))).toMatchObject({
      value: 0.5,
      reason: 'Prometheus warns: a store did not answer',
    });
  });
});

describe('parts', () => {
  const drift = (source: object = {}) =>
    monitorTarget(
      { query: 'model_drift_psi', parts: 'feature', ...source },
      { name: 'drift', signal: 'drift', warning: { above: 0.25 } },
    );

  it('of drift get the limit; one without a number is unknown, one beyond all has drifted', async () => {
    gives(recorded('prometheus/query-nan-inf'));
    expect(await read(drift())).toMatchObject({
      value: 0.3013,
      reason: 'balance is -Inf, income is NaN, tenure is +Inf.',
      parts: [
        { name: 'age', value: 0.3013, limit: 0.25, drifted: true },
        { name: 'balance', value: null, drifted: false },
        { name: 'income', value: null, drifted: null },
        { name: 'tenure', value: null, drifted: true },
      ],
    });
  });

  it('of which none has a number are no value and no parts', async () => {
    gives(vector({ metric: { feature: 'a' }, value: 'NaN' }));
    expect(await read(drift())).toMatchObject({ value: null, parts: [] });
  });

  it.each([
    [[{ metric: { code: '1' }, value: '1' }], /without the label feature/],
    [
      [
        { metric: { feature: 'a', pod: 'x' }, value: '1' },
        { metric: { feature: 'a', pod: 'y' }, value: '1' },
      ],
      /several series with the same feature, which differ in pod/,
    ],
    [
      Array.from({ length: 201 }, (_, i) => ({
        metric: { feature: `${i}` },
        value: '1',
      })),
      /201 parts, and at most 200/,
    ],
  ])(
    'that cannot be distinguished give the reason (%#)',
    async (series, reason) => {
      gives(vector(...series));
      expect(await read(drift())).toMatchObject({
        ...UNKNOWN,
        reason: expect.stringMatching(reason),
      });
    },
  );

  it('have the smallest as value where more is better', async () => {
    gives(
      vector(
        { metric: { zone: 'a' }, value: '1' },
        { metric: { zone: 'b' }, value: '0.5' },
      ),
    );
    const target = monitorTarget(
      { query: 'x', parts: 'zone' },
      { signal: 'availability' },
    );
    expect((await read(target)).value).toBe(0.5);
  });
});

describe('a target that died', () => {
  /** The query goes on giving a value, as `rate(…[5m])` does. */
  const dead = (
    up: ReturnType<typeof targets>,
    history: ReturnType<typeof range>,
  ) =>
    standIn.answers(asked => {
      if (asked.path === '/api/v1/query_range') return history;
      if (asked.path !== '/api/v1/query') return undefined;
      return isUp(asked) ? up : vector({ value: '0.01' });
    });
  const target = monitorTarget({ query: 'rate(x{job="a"}[5m])' });

  it('is unknown at first, with since when, though the query still gives a value', async () => {
    dead(
      targets(0, 1),
      range([seconds(60), '1'], [seconds(30), '1'], [seconds(15), '0']),
    );
    expect(await read(target)).toMatchObject({
      ...UNKNOWN,
      reason:
        'No target has answered Prometheus since 2026-11-23T05:22:44Z (up{job="a"} is 0).',
    });
  });

  it('is unavailable after a while', async () => {
    dead(targets(0, 1), range([seconds(150), '1'], [seconds(15), '0']));
    expect(await read(target)).toMatchObject({
      value: null,
      unavailable: true,
    });
    dead(targets(0, 1), range([seconds(1_200), '0'], [seconds(15), '0']));
    expect(await read(target)).toMatchObject({
      value: null,
      unavailable: true,
    });
  });

  it('is unknown where it is new and has not answered yet', async () => {
    dead(targets(0, 1), range([seconds(15), '0']));
    expect(await read(target)).toMatchObject(UNKNOWN);
    dead(targets(0, 1), range());
    expect(await read(target)).toMatchObject(UNKNOWN);
  });

  it('and is not a target any more is unknown, with since when', async () => {
    dead(targets(0, 0), range([seconds(600), '1'], [seconds(300), '1']));
    standIn.answers(asked => {
      if (asked.path === '/api/v1/query_range') {
        return range([seconds(600), '1'], [seconds(300), '1']);
      }
      return isUp(asked) ? targets(0, 0) : undefined;
    });
    expect(await read(target)).toMatchObject({
      ...UNKNOWN,
      reason:
        'The query gives nothing. The target is gone from Prometheus since 2026-11-23T05:18:14Z (up{job="a"}).',
    });
  });

  it('is reported as unknown to Prometheus where it never was a target', async () => {
    standIn.answers(asked => (isUp(asked) ? targets(0, 0) : undefined));
    expect((await read(target)).reason).toBe(
      'The query gives nothing. Prometheus has no target up{job="a"}.',
    );
  });

  it('does not hide those that live', async () => {
    standIn.answers(asked => {
      if (asked.path !== '/api/v1/query') return undefined;
      return isUp(asked) ? targets(2, 1) : vector({ value: '0.01' });
    });
    expect(await read(target)).toMatchObject({
      value: 0.01,
      reason: '1 of 3 targets do not answer Prometheus (up{job="a"}).',
    });
  });

  it('has an availability once it is down for long', async () => {
    dead(targets(0, 1), range([seconds(150), '1'], [seconds(15), '0']));
    const availability = monitorTarget(
      { query: 'x{job="a"}' },
      { signal: 'availability' },
    );
    expect(await read(availability)).toMatchObject({
      value: 0.01,
      unavailable: true,
    });
    dead(targets(0, 1), range([seconds(30), '1'], [seconds(15), '0']));
    expect(await read(availability)).toMatchObject(UNKNOWN);
  });

  it('is looked for by the selector that the source names', async () => {
    standIn.answers(() => undefined);
    await read(
      monitorTarget({ query: 'x', up: 'probe_success{instance="${model}"}' }),
    );
    expect(standIn.asked.find(isUp)?.params.query).toBe(
      'count_values("up", probe_success{instance="churn"})',
    );
  });
});

describe('what is asked', () => {
  it('is posted as a form, so that it may be long', async () => {
    gives(vector({ value: '1' }));
    const query = `sum(x{a=~"${'b|'.repeat(8_000)}"})`;
    expect((await read(monitorTarget({ query }))).value).toBe(1);
    expect(
      standIn.asked.find(asked => asked.params.query === query)?.method,
    ).toBe('POST');
  });

  it('carries the credentials and headers of the configuration', async () => {
    gives(vector({ value: '1' }));
    await read(monitorTarget({ query: 'x' }), {
      auth: { type: 'basic', username: 'me', password: 'pass' },
      headers: { 'X-Scope-OrgID': 7 },
    });
    expect(standIn.asked[0].headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:pass').toString('base64')}`,
      'x-scope-orgid': '7',
    });
  });

  it('is a template with the names of the model and its own values', async () => {
    gives(vector({ value: '1' }));
    await read(monitorTarget({ template: 'mine', with: { zone: '"}' } }), {
      templates: {
        mine: {
          query:
            'a{m="${model}",n="${namespace}",e="${environment}",r="${entityRef}",z="${zone}"}',
        },
      },
    });
    expect(standIn.asked.map(({ params }) => params.query)).toContain(
      'a{m="churn",n="default",e="production",r="mlmodel:default/churn",z="\\"}"}',
    );
  });
});

describe('a source that does not hold is a reading that says why', () => {
  it.each([
    [{}, /none of query, template and alerts/],
    [{ query: 'a', template: 'b' }, /both query and template/],
    [{ querry: 'a' }, /querry/],
    [
      { template: 'nope' },
      /no template "nope"; there are availability, error-rate/,
    ],
    [
      { query: 'a{b="${nope}"}' },
      /The entity: query has \$\{nope\}, which has no value/,
    ],
    [{ query: 'a ${model}' }, /no label's quoted value/],
    [{ query: 'a', up: 'sum(up)' }, /The entity: up is "sum\(up\)"/],
    [{ query: 'a', parts: 'b"}' }, /parts/],
  ])('%j', async (source, reason) => {
    standIn.answers(() => undefined);
    expect(await read(monitorTarget(source))).toMatchObject({
      ...UNKNOWN,
      reason: expect.stringMatching(reason),
    });
    expect(standIn.asked).toEqual([]);
  });

  it('and does not hide what is wrong with a selector', async () => {
    standIn.answers(asked =>
      isUp(asked) ? recorded('prometheus/query-bad') : undefined,
    );
    expect(
      (await read(monitorTarget({ query: 'a', up: '{b=~"("}' }))).reason,
    ).toMatch(/refuses the query/);
  });
});

describe('a server that fails', () => {
  it('is an error, not a reading', async () => {
    standIn.answers(() => recorded('prometheus/404'));
    await expect(read(monitorTarget({ query: 'x' }))).rejects.toMatchObject({
      kind: 'not-found',
    });
  });

  it('gave the query up in its own words', async () => {
    const answer = recorded('prometheus/query-exec-error');
    answer.status = 503;
    answer.body.errorType = 'timeout';
    answer.body.error = 'query timed out in expression evaluation';
    gives(answer);
    await expect(read(monitorTarget({ query: 'x' }))).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('timed out in expression evaluation'),
    });
  });
});
