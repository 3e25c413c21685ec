import {
  type Monitor,
  type MonitorAlert,
  type MonitorSpec,
  type Reading,
  reading as readingSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import { countMonitors, healthOf } from './health';
import { withKnownAlerts } from './knownAlerts';
import { monitorEvents } from './monitorEvents';
import { judgeReading } from './monitors';

const spec = (overrides: Partial<MonitorSpec> = {}): MonitorSpec => ({
  name: 'latency-p95',
  signal: 'latency',
  environment: 'production',
  source: { provider: 'local' },
  warning: { above: 0.2 },
  critical: { above: 0.5 },
  ...overrides,
});
const reading = (overrides: Partial<Reading> = {}): Reading => ({
  at: '2026-01-01T00:00:00.000Z',
  value: 0.04,
  insufficient: false,
  reason: null,
  parts: [],
  version: null,
  unavailable: false,
  alerts: [],
  alertsUnknown: null,
  ...overrides,
});
const state = (s: MonitorSpec, r: Reading | null) =>
  judgeReading(s, r, undefined);

describe('judgeReading', () => {
  it('shows observed, sign and limit in the unit of the signal', () => {
    expect(state(spec(), reading())).toMatchObject({
      state: 'healthy',
      reason: '40 ms ≤ 500 ms',
    });
    expect(state(spec(), reading({ value: 0.3 }))).toMatchObject({
      state: 'warning',
      reason: '300 ms > 200 ms',
    });
    expect(state(spec(), reading({ value: 0.71 }))).toMatchObject({
      state: 'critical',
      reason: '710 ms > 500 ms',
    });
    expect(
      state(
        spec({
          signal: 'availability',
          warning: undefined,
          critical: { below: 0.99 },
        }),
        reading({ value: 0.5 }),
      ),
    ).toMatchObject({ state: 'critical', reason: '50 % < 99 %' });
  });

  it('never takes missing data for healthy', () => {
    expect(state(spec(), null).state).toBe('unknown');
    expect(
      state(spec(), reading({ value: null, reason: 'No answer.' })),
    ).toMatchObject({ state: 'unknown', reason: 'No answer.' });
    expect(
      state(spec(), reading({ value: null, insufficient: true })).state,
    ).toBe('insufficient');
  });

  it('judges drift by the limit of each feature', () => {
    const drift = spec({
      signal: 'drift',
      warning: undefined,
      critical: undefined,
    });
    const parts = [
      { name: 'mass', value: 0.4, limit: 0.2, drifted: true },
      { name: 'depth', value: 0.3, limit: 0.35, drifted: false },
    ];
    expect(state(drift, reading({ value: 0.4, parts }))).toMatchObject({
      state: 'warning',
      reason: 'PSI of mass 0.4 > 0.2',
    });
    expect(state(drift, reading({ value: 0.3, parts: [parts[1]] })).state).toBe(
      'healthy',
    );
    const once = { name: 'mass', value: 0.4, limit: 0.2, drifted: false };
    expect(
      state(drift, reading({ value: 0.4, parts: [once, parts[1]] })),
    ).toMatchObject({
      state: 'healthy',
      reason: 'PSI of mass 0.4 > 0.2, not confirmed by another window',
    });
  });

  it('remembers since when a state holds', () => {
    const first = state(spec(), reading());
    const later = reading({ at: '2026-01-01T00:05:00.000Z' });
    expect(judgeReading(spec(), later, first).since).toBe(first.since);
    expect(judgeReading(spec(), { ...later, value: 0.9 }, first).since).toBe(
      later.at,
    );
  });
});

describe('health', () => {
  const monitors = (...states: Monitor['state'][]): Monitor[] =>
    states.map((s, i) => ({
      ...state(spec({ name: `m${i}` }), reading()),
      state: s,
    }));

  it('is the worst of what is known, and unknown where nothing is', () => {
    expect(healthOf(monitors('healthy', 'critical', 'warning'), true)).toBe(
      'critical',
    );
    expect(healthOf(monitors('healthy', 'unknown'), true)).toBe('healthy');
    expect(healthOf(monitors('unknown', 'insufficient'), true)).toBe('unknown');
    expect(healthOf([], true)).toBe('unknown');
    expect(healthOf(monitors('healthy'), false)).toBe('unknown');
  });

  it('counts every state apart and names the worst monitor', () => {
    expect(
      countMonitors(monitors('healthy', 'warning', 'unknown', 'insufficient')),
    ).toEqual({
      unavailable: 0,
      firing: 0,
      silenced: 0,
      total: 4,
      healthy: 1,
      warning: 1,
      critical: 0,
      insufficient: 1,
      unknown: 1,
      worst: 'm1',
    });
  });
});

describe('alerts', () => {
  const alert = (overrides: Partial<MonitorAlert> = {}): MonitorAlert => ({
    name: 'TooSlow',
    state: 'firing',
    severity: 'critical',
    summary: 'p95 above 0.5 s',
    since: '2026-01-01T00:00:00.000Z',
    url: null,
    silence: null,
    ...overrides,
  });
  const silenced = alert({
    state: 'silenced',
    silence: {
      by: 'ada',
      comment: 'known',
      until: '2026-01-02T00:00:00.000Z',
    },
  });
  const judged = (alerts: MonitorAlert[], before?: Monitor) =>
    judgeReading(spec(), reading({ alerts }), before);

  it('make a monitor no better than they say', () => {
    expect(judged([alert()])).toMatchObject({
      state: 'critical',
      reason: expect.stringContaining('TooSlow: p95 above 0.5 s'),
    });
    expect(judged([alert({ severity: 'warning' })]).state).toBe('warning');
    expect(
      judgeReading(
        spec(),
        reading({ value: 0.9, alerts: [alert({ severity: 'warning' })] }),
        undefined,
      ).state,
    ).toBe('critical');
  });

  it('change nothing while they are silenced or pending, and say so', () => {
    expect(judged([silenced])).toMatchObject({
      state: 'healthy',
      reason: expect.stringContaining('silenced by ada until 2026-01-02'),
    });
    expect(judged([alert({ state: 'pending' })]).state).toBe('healthy');
  });

  it('are told once each time they change', () => {
    const at = '2026-01-01T00:01:00.000Z';
    const told = (before: Monitor | undefined, after: Monitor) =>
      monitorEvents(before, after, at).map(
        e => `${e.alert ?? e.monitor} ${e.from} → ${e.to}`,
      );
    const calm = judged([]);
    const fires = judged([alert()]);
    expect(told(undefined, calm)).toEqual([]);
    expect(told(calm, fires)).toEqual([
      'latency-p95 healthy → critical',
      'TooSlow null → firing',
    ]);
    expect(told(fires, fires)).toEqual([]);
    expect(told(fires, judged([silenced]))).toEqual([
      'latency-p95 critical → healthy',
      'TooSlow firing → silenced',
    ]);
    expect(told(fires, calm)).toContain('TooSlow firing → resolved');
  });
});

describe('alerts that could not be loaded', () => {
  const alert: MonitorAlert = {
    name: 'TooSlow',
    state: 'firing',
    severity: 'critical',
    summary: 'p95 above 0.5 s',
    since: '2026-01-01T00:00:00.000Z',
    url: null,
    silence: null,
  };
  const WHY = 'The Alertmanager cannot be reached.';
  const later = (n: number, overrides: Partial<Reading> = {}) =>
    reading({ at: `2026-01-01T00:0${n}:00.000Z`, ...overrides });
  const judged = (
    before: Monitor | undefined,
    now: Reading,
    why: string | undefined = WHY,
  ) => judgeReading(spec(), withKnownAlerts(now, before, why), before);
  const told = (before: Monitor | undefined, after: Monitor) =>
    monitorEvents(before, after, later(9).at).map(
      e => `${e.alert ?? e.monitor} ${e.from} → ${e.to}`,
    );
  const fires = judgeReading(spec(), reading({ alerts: [alert] }), undefined);

  it('leave the value to judge, and are told as not known', () => {
    const first = judged(undefined, later(1));
    expect(first).toMatchObject({
      state: 'healthy',
      reason: `40 ms ≤ 500 ms. Alerts are unknown since 2026-01-01T00:01:00Z: ${WHY}`,
      reading: { alerts: [] },
    });
    expect(judged(first, later(2)).reason).toBe(first.reason);
  });

  it('are those known last, which nobody resolved', () => {
    const unknown = judged(fires, later(1));
    expect(unknown).toMatchObject({
      state: 'critical',
      reason: `Alert TooSlow: p95 above 0.5 s, as last known (40 ms ≤ 500 ms). Alerts are unknown since 2026-01-01T00:01:00Z: ${WHY}`,
      reading: {
        alerts: [alert],
        alertsUnknown: { since: later(1).at, reason: WHY },
      },
    });
    expect(told(fires, unknown)).toEqual([]);
    const still = judged(unknown, later(2));
    expect(still.reading?.alertsUnknown?.since).toBe(later(1).at);
    expect(told(unknown, still)).toEqual([]);
  });

  it('are known again by themselves, and only then resolved', () => {
    const unknown = judged(fires, later(1));
    const again = judgeReading(spec(), later(2), unknown);
    expect(again).toMatchObject({
      state: 'healthy',
      reason: '40 ms ≤ 500 ms',
      reading: { alertsUnknown: null },
    });
    expect(told(unknown, again)).toContain('TooSlow firing → resolved');
    const fresh = judged(again, later(3));
    expect(fresh.reading?.alertsUnknown?.since).toBe(later(3).at);
  });

  it('make nothing of what is not known', () => {
    expect(judged(fires, later(1, { value: null, reason: WHY }))).toMatchObject(
      {
        state: 'unknown',
        reason: `Alert TooSlow: p95 above 0.5 s, as last known (${WHY})`,
      },
    );
  });

  it('are empty for a reading that was stored without them', () => {
    const { alertsUnknown: _, ...older } = reading();
    expect(readingSchema.parse(older).alertsUnknown).toBeNull();
  });
});

describe('what is down', () => {
  it('is unavailable, and an environment with it is critical', () => {
    const down = judgeReading(
      spec(),
      reading({ value: null, unavailable: true, reason: 'up is 0' }),
      undefined,
    );
    expect(down).toMatchObject({ state: 'unavailable', reason: 'up is 0' });
    expect(healthOf([down], true)).toBe('critical');
    expect(countMonitors([down])).toMatchObject({ unavailable: 1 });
  });
});
