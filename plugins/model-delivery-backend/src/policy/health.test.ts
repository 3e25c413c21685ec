import type {
  Monitor,
  MonitorState,
  Signal,
} from '@slipway/plugin-model-delivery-common/schema';
import { attentionOf, countMonitors, healthOf } from './health';

const monitor = (
  state: MonitorState,
  signal: Signal = 'latency',
  alerts: ('firing' | 'silenced' | 'pending')[] = [],
): Monitor => ({
  name: `${signal}-${state}`,
  signal,
  environment: 'production',
  provider: 'local',
  unit: null,
  state,
  reason: '',
  since: null,
  reading: {
    at: '2026-01-01T00:00:00.000Z',
    value: null,
    insufficient: false,
    reason: null,
    parts: [],
    version: null,
    unavailable: false,
    alertsUnknown: null,
    alerts: alerts.map((of, index) => ({
      name: `alert-${index}`,
      state: of,
      severity: 'critical',
      summary: '',
      since: '2026-01-01T00:00:00.000Z',
      url: null,
      silence: null,
    })),
  },
  warning: null,
  critical: null,
});
const STATES = [
  'healthy',
  'warning',
  'critical',
  'unavailable',
  'insufficient',
  'unknown',
] as const;

describe('the health of an environment', () => {
  it.each([
    [['healthy', 'warning', 'critical'], 'critical'],
    [['healthy', 'unavailable'], 'critical'],
    [['healthy', 'warning', 'unknown'], 'warning'],
    [['healthy', 'unknown'], 'healthy'],
    [['insufficient', 'unknown'], 'unknown'],
    [[], 'unknown'],
  ] as const)('of %j is %s', (states, health) => {
    expect(
      healthOf(
        states.map(state => monitor(state)),
        true,
      ),
    ).toBe(health);
  });

  it('is unknown where nothing is live, whatever was healthy', () => {
    expect(healthOf([monitor('healthy')], false)).toBe('unknown');
  });
});

describe('the counts of monitors', () => {
  it('count each state and each alert, and name the worst', () => {
    const monitors = [
      ...STATES.map(state => monitor(state)),
      monitor('healthy', 'errors', ['firing', 'silenced', 'firing', 'pending']),
    ];
    expect(countMonitors(monitors)).toEqual({
      total: 7,
      healthy: 2,
      warning: 1,
      critical: 1,
      unavailable: 1,
      insufficient: 1,
      unknown: 1,
      firing: 2,
      silenced: 1,
      worst: 'latency-critical',
    });
  });

  it('name the worst in the order of trouble', () => {
    const order = [
      'critical',
      'unavailable',
      'warning',
      'unknown',
      'insufficient',
    ] as const;
    order.forEach((state, index) => {
      const rest = order.slice(index).reverse();
      expect(countMonitors(rest.map(s => monitor(s))).worst).toBe(
        `latency-${state}`,
      );
    });
    expect(countMonitors([monitor('healthy')]).worst).toBeNull();
  });

  it('count a monitor without a reading', () => {
    const counts = countMonitors([{ ...monitor('unknown'), reading: null }]);
    expect(counts).toMatchObject({ total: 1, unknown: 1, firing: 0 });
  });
});

describe('what needs attention', () => {
  const calm = { monitors: [], blocked: false, stale: false, owner: 'group:x' };

  it('is nothing where all is well', () => {
    expect(attentionOf({ ...calm, monitors: [monitor('healthy')] })).toEqual(
      [],
    );
  });

  it.each([
    [{ monitors: [monitor('critical')] }, ['unhealthy']],
    [{ monitors: [monitor('unavailable', 'drift')] }, ['unhealthy']],
    [{ monitors: [monitor('warning', 'drift')] }, ['drifting']],
    [{ monitors: [monitor('critical', 'drift')] }, ['unhealthy', 'drifting']],
    [{ monitors: [monitor('warning')] }, []],
    [{ monitors: [monitor('healthy', 'drift')] }, []],
    [{ blocked: true }, ['blocked']],
    [{ stale: true }, ['stale']],
    [{ owner: null }, ['unowned']],
  ])('with %j is %j', (facts, attention) => {
    expect(attentionOf({ ...calm, ...facts })).toEqual(attention);
  });
});
