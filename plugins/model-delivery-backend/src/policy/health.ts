import type {
  Attention,
  Health,
  Monitor,
  MonitorAlert,
  MonitorCounts,
  MonitorState,
} from '@slipway/plugin-model-delivery-common/schema';

const TROUBLE: MonitorState[] = [
  'critical',
  'unavailable',
  'warning',
  'unknown',
  'insufficient',
];

export function countMonitors(monitors: Monitor[]): MonitorCounts {
  const count = (state: MonitorState) =>
    monitors.filter(m => m.state === state).length;
  const alerts = (state: MonitorAlert['state']) =>
    monitors
      .flatMap(m => m.reading?.alerts ?? [])
      .filter(alert => alert.state === state).length;
  const worst = TROUBLE.map(state => monitors.find(m => m.state === state));
  return {
    total: monitors.length,
    healthy: count('healthy'),
    warning: count('warning'),
    critical: count('critical'),
    unavailable: count('unavailable'),
    insufficient: count('insufficient'),
    unknown: count('unknown'),
    firing: alerts('firing'),
    silenced: alerts('silenced'),
    worst: worst.find(m => m !== undefined)?.name ?? null,
  };
}

const isBroken = ({ state }: Monitor) =>
  state === 'critical' || state === 'unavailable';

/** Health of an environment: the worst of what is known; nothing known is unknown. */
export function healthOf(monitors: Monitor[], hasLive: boolean): Health {
  if (monitors.some(isBroken)) return 'critical';
  if (monitors.some(m => m.state === 'warning')) return 'warning';
  return hasLive && monitors.some(m => m.state === 'healthy')
    ? 'healthy'
    : 'unknown';
}

/** Why a model would be looked at first. */
export function attentionOf(input: {
  monitors: Monitor[];
  blocked: boolean;
  stale: boolean;
  owner: string | null;
}): Attention[] {
  const drifting = input.monitors.some(
    m =>
      m.signal === 'drift' && (m.state === 'warning' || m.state === 'critical'),
  );
  const reasons: [Attention, boolean][] = [
    ['unhealthy', input.monitors.some(isBroken)],
    ['blocked', input.blocked],
    ['drifting', drifting],
    ['stale', input.stale],
    ['unowned', input.owner === null],
  ];
  return reasons.filter(([, holds]) => holds).map(([reason]) => reason);
}
