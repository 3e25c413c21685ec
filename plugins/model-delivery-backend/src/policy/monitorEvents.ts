import type {
  Monitor,
  MonitorAlert,
  MonitorEvent,
  MonitorState,
} from '@slipway/plugin-model-delivery-common/schema';

type Change = Omit<MonitorEvent, 'id'>;

/** States that a monitor may begin in without anybody being told. */
const QUIET: MonitorState[] = ['healthy', 'insufficient', 'unknown'];

const byName = (monitor: Monitor | undefined): Map<string, MonitorAlert> =>
  new Map((monitor?.reading?.alerts ?? []).map(alert => [alert.name, alert]));

/** What is worth telling between two readings of a monitor: its state, and each of its alerts. */
export function monitorEvents(
  before: Monitor | undefined,
  after: Monitor,
  now: string,
): Change[] {
  const about = {
    at: now,
    monitor: after.name,
    environment: after.environment,
  };
  const changes: Change[] = [];
  const began = before === undefined && !QUIET.includes(after.state);
  if (began || (before !== undefined && before.state !== after.state)) {
    changes.push({
      ...about,
      kind: 'state',
      alert: null,
      from: before?.state ?? null,
      to: after.state,
      reason: after.reason,
    });
  }
  // One that could not be loaded has not changed, as far as anybody knows.
  if (after.reading?.alertsUnknown) return changes;
  const alertsBefore = byName(before);
  const alertsAfter = byName(after);
  for (const [name, alert] of alertsAfter) {
    const from = alertsBefore.get(name)?.state ?? null;
    if (from === alert.state || (from === null && alert.state === 'pending')) {
      continue;
    }
    changes.push({
      ...about,
      kind: 'alert',
      alert: name,
      from,
      to: alert.state,
      reason: reasonOf(alert),
    });
  }
  for (const [name, alert] of alertsBefore) {
    if (alertsAfter.has(name) || alert.state === 'pending') continue;
    changes.push({
      ...about,
      kind: 'alert',
      alert: name,
      from: alert.state,
      to: 'resolved',
      reason: alert.summary,
    });
  }
  return changes;
}

function reasonOf({ state, silence, summary }: MonitorAlert): string {
  if (state !== 'silenced' || !silence) return summary;
  return `by ${silence.by} until ${silence.until}: ${silence.comment}`;
}
