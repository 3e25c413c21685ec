import { reading as readingSchema } from '@slipway/plugin-model-delivery-common/schema';
import { StandIn, range } from '../__testUtils__/StandIn';
import {
  context,
  monitorTarget,
  serverConfig,
} from '../__testUtils__/monitors';
import { recorded } from '../__testUtils__/recorded';
import { PrometheusMonitorProvider } from './PrometheusMonitorProvider';
import { rangeWithin } from './past';

const limits = { maxRangeSeconds: 86_400, minStepSeconds: 15 };
const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

describe('the range that is asked for', () => {
  it('is cut at its beginning to the longest', () => {
    expect(
      rangeWithin({ from: at(0), to: at(1_000_000), stepSeconds: 60 }, limits),
    ).toEqual({ start: 913_600, end: 1_000_000, step: 60 });
  });

  it('has no more steps than Prometheus gives, and no finer ones than it has', () => {
    expect(
      rangeWithin(
        { from: at(0), to: at(1_000_000), stepSeconds: 1 },
        { ...limits, maxRangeSeconds: 1_000_000 },
      )?.step,
    ).toBe(200);
    expect(
      rangeWithin({ from: at(0), to: at(60), stepSeconds: 0 }, limits)?.step,
    ).toBe(15);
  });

  it('is none where it ends before it begins', () => {
    expect(
      rangeWithin({ from: at(10), to: at(10), stepSeconds: 1 }, limits),
    ).toBeUndefined();
    expect(
      rangeWithin({ from: 'never', to: at(10), stepSeconds: 1 }, limits),
    ).toBeUndefined();
  });
});

describe('readings of the past', () => {
  let standIn: StandIn;
  let provider: PrometheusMonitorProvider;
  beforeAll(async () => {
    standIn = await StandIn.start();
    provider = new PrometheusMonitorProvider(
      serverConfig({ url: standIn.url }),
    );
  });
  afterAll(async () => {
    await provider.close();
    await standIn.stop();
  });
  const stretch = { from: at(1795411374), to: at(1795411394), stepSeconds: 5 };
  const answers = (
    query: ReturnType<typeof range>,
    up: ReturnType<typeof range>,
  ) =>
    standIn.answers(({ params }) =>
      params.query?.startsWith('max(up') ? up : query,
    );
  const past = async (target = monitorTarget({ query: 'x' })) =>
    (await provider.readPast(target, stretch, context)).map(item =>
      readingSchema.parse(item),
    );

  it('come oldest first, one a moment, with their parts', async () => {
    answers(recorded('prometheus/range-nan-inf'), range());
    const found = await past(
      monitorTarget({ query: 'x', parts: 'feature' }, { signal: 'drift' }),
    );
    expect(found.map(item => item.at)).toEqual(
      [...found.map(item => item.at)].sort(),
    );
    expect(found).toHaveLength(5);
    expect(found[0]).toMatchObject({
      at: '2026-11-23T05:22:54.933Z',
      value: 0.3019,
      alerts: [],
      parts: [
        { name: 'age', value: 0.3019 },
        { name: 'balance', value: null },
        {},
        {},
      ],
    });
  });

  it('have no moment without data, and no value while the target was dead', async () => {
    answers(
      range([100, '1'], [110, 'NaN'], [130, '3']),
      range([100, '1'], [110, '1'], [120, '0'], [130, '0']),
    );
    expect(await past()).toMatchObject([
      { at: at(100), value: 1 },
      { at: at(110), value: null, insufficient: true },
      { at: at(130), value: null, reason: 'No target answered Prometheus.' },
    ]);
    expect(
      await past(monitorTarget({ query: 'x' }, { signal: 'availability' })),
    ).toMatchObject([{}, {}, { value: 3 }]);
  });

  it('are none where the monitor itself is wrong', async () => {
    answers(recorded('prometheus/query-bad'), range());
    expect(await past()).toEqual([]);
    expect(await past(monitorTarget({ template: 'nope' }))).toEqual([]);
    expect(await past(monitorTarget({ alerts: { alertname: 'a' } }))).toEqual(
      [],
    );
  });

  it('are an error where the server fails', async () => {
    answers(recorded('prometheus/404'), recorded('prometheus/404'));
    await expect(past()).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('say in its own words what the server refuses of the range', async () => {
    const refused = recorded('prometheus/range-too-many-points');
    expect(refused.body.error).toContain('11,000 points');
    answers(refused, refused);
    expect(await past()).toEqual([]);
  });
});
