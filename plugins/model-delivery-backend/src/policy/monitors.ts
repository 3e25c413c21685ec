import type {
  Monitor,
  MonitorAlert,
  MonitorSpec,
  MonitorState,
  Reading,
  Threshold,
} from '@slipway/plugin-model-delivery-common/schema';
import { show } from './numbers';
import { showWithUnit, unitOf } from './units';

/** Judges one reading against the monitor's limits. No data is unknown, never healthy. */
export function judgeReading(
  spec: MonitorSpec,
  reading: Reading | null,
  before: Monitor | undefined,
): Monitor {
  const unit = unitOf(spec);
  const own = judge(spec, reading, unit);
  const { state, reason } = reading ? withAlerts(own, reading) : own;
  return {
    name: spec.name,
    signal: spec.signal,
    environment: spec.environment,
    provider: spec.source.provider,
    unit,
    state,
    reason,
    since:
      before?.state === state
        ? before.since
        : (reading?.at ?? before?.since ?? null),
    reading,
    warning: spec.warning ?? null,
    critical: spec.critical ?? null,
  };
}

type StateWithReason = { state: MonitorState; reason: string };

/** What was measured may be only a part of what there is: then the reading says so. */
const withReason = (
  own: StateWithReason,
  { reason }: Reading,
): StateWithReason =>
  reason ? { ...own, reason: `${own.reason}. ${reason}` } : own;

const BY_WEIGHT: MonitorState[] = ['healthy', 'warning', 'critical'];
const isWorse = (a: MonitorState, b: MonitorState) =>
  BY_WEIGHT.indexOf(a) > BY_WEIGHT.indexOf(b);

function judge(
  spec: MonitorSpec,
  reading: Reading | null,
  unit: string | null,
): StateWithReason {
  if (!reading) return { state: 'unknown', reason: 'Nothing was read yet.' };
  if (reading.unavailable) {
    return {
      state: 'unavailable',
      reason: reading.reason ?? 'What is watched does not answer.',
    };
  }
  if (reading.insufficient) {
    return {
      state: 'insufficient',
      reason: reading.reason ?? 'Too little data to say.',
    };
  }
  if (reading.value === null) {
    return { state: 'unknown', reason: reading.reason ?? 'No data came.' };
  }
  return withReason(judgeKnown(spec, reading, reading.value, unit), reading);
}

function judgeKnown(
  spec: MonitorSpec,
  reading: Reading,
  value: number,
  unit: string | null,
): StateWithReason {
  const limited = spec.warning !== undefined || spec.critical !== undefined;
  if (spec.signal === 'drift') {
    const ofFeatures = judgeDrift(reading, value);
    const ofValue = judgeValue(spec, value, unit);
    return limited && isWorse(ofValue.state, ofFeatures.state)
      ? ofValue
      : ofFeatures;
  }
  return reading.parts.length > 0 && !limited
    ? { state: 'healthy', reason: describeParts(reading) }
    : judgeValue(spec, value, unit);
}

/**
 * An alert that fires makes the monitor no better than it says; a silenced one is only told. Those
 * known last still do where there is a value, since nobody said that they are over; where nothing is
 * known, they make nothing of it.
 */
function withAlerts(own: StateWithReason, reading: Reading): StateWithReason {
  const { alerts, alertsUnknown } = reading;
  const firing = alerts.filter(({ state }) => state === 'firing');
  const silenced = alerts.filter(({ state }) => state === 'silenced');
  const told = [
    firing.length > 0
      ? `Alert ${firing.map(tellAlert).join('; ')}${
          alertsUnknown ? ', as last known' : ''
        } (${own.reason})`
      : own.reason,
    ...silenced.map(
      ({ name, silence }) =>
        `alert ${name} is silenced${
          silence ? ` by ${silence.by} until ${silence.until}` : ''
        }`,
    ),
  ].join('; ');
  const isCounted = !(alertsUnknown && own.state === 'unknown');
  return {
    state: isCounted ? escalate(own.state, firing) : own.state,
    reason: alertsUnknown ? withUnknown(told, alertsUnknown, reading) : told,
  };
}

function escalate(own: MonitorState, firing: MonitorAlert[]): MonitorState {
  const worst =
    firing.find(({ severity }) => severity === 'critical') ?? firing[0];
  if (!worst || own === 'unavailable') return own;
  return worst.severity === 'warning' && own === 'critical'
    ? own
    : worst.severity;
}

function tellAlert({ name, summary }: MonitorAlert): string {
  return summary ? `${name}: ${summary}` : name;
}

function withUnknown(
  told: string,
  { since, reason }: NonNullable<Reading['alertsUnknown']>,
  reading: Reading,
): string {
  // What is wrong with the whole reading was said.
  return reason === reading.reason
    ? told
    : `${told.replace(/\.$/, '')}. Alerts are unknown since ${since.slice(0, 19)}Z: ${reason}`;
}

function judgeValue(
  spec: MonitorSpec,
  value: number,
  unit: string | null,
): StateWithReason {
  const observed = showWithUnit(value, unit);
  for (const state of ['critical', 'warning'] as const) {
    const limit = spec[state];
    if (limit && breaks(value, limit)) {
      return {
        state,
        reason:
          'above' in limit
            ? `${observed} > ${showWithUnit(limit.above, unit)}`
            : `${observed} < ${showWithUnit(limit.below, unit)}`,
      };
    }
  }
  const limit = spec.critical ?? spec.warning;
  if (!limit) return { state: 'healthy', reason: observed };
  return {
    state: 'healthy',
    reason:
      'above' in limit
        ? `${observed} ≤ ${showWithUnit(limit.above, unit)}`
        : `${observed} ≥ ${showWithUnit(limit.below, unit)}`,
  };
}

function judgeDrift(reading: Reading, value: number): StateWithReason {
  const drifted = reading.parts.filter(p => p.drifted === true);
  if (drifted.length > 0) {
    return { state: 'warning', reason: describePsi(drifted) };
  }
  // A provider may ask for more than one window beyond the limit.
  const unconfirmed = reading.parts.filter(
    p => p.value !== null && p.limit !== null && p.value > p.limit,
  );
  return {
    state: 'healthy',
    reason:
      unconfirmed.length > 0
        ? `${describePsi(unconfirmed)}, not confirmed by another window`
        : `worst PSI ${show(value)}, no feature beyond its limit`,
  };
}

function describePsi(parts: Reading['parts']): string {
  return parts
    .map(
      p =>
        `PSI of ${p.name} ${p.value === null ? 'unknown' : show(p.value)}${
          p.limit === null ? '' : ` > ${show(p.limit)}`
        }`,
    )
    .join('; ');
}

function describeParts(reading: Reading): string {
  return reading.parts
    .map(
      p =>
        `${p.name} ${p.value === null ? 'unknown' : showWithUnit(p.value, 'ratio')}`,
    )
    .join(', ');
}

function breaks(value: number, limit: Threshold): boolean {
  return 'above' in limit ? value > limit.above : value < limit.below;
}
