import type { MonitorAlert } from '@slipway/plugin-model-delivery-common/schema';
import type { Labels } from './AlertRule';

/** An alert as pages show it, with the labels that say what it is about. */
export interface Alert {
  labels: Labels;
  shown: MonitorAlert;
}

const MOST_ALERTS = 50;
const MOST_NAME = 200;
const MOST_TEXT = 500;
const MOST_URL = 2_000;
const STATES = ['firing', 'pending', 'silenced'];

/** What Prometheus and Alertmanager both say of an alert. */
export interface RawAlert {
  labels: Labels;
  annotations: Readonly<Record<string, string>>;
  since: string;
}

/** Undefined where it is not said since when: what is not dated cannot be shown. */
export function alertOf(
  raw: RawAlert,
  rest: Pick<MonitorAlert, 'state' | 'url' | 'silence'>,
): Alert | undefined {
  const since = utc(raw.since);
  if (since === undefined) return undefined;
  const { summary, description, message } = raw.annotations;
  return {
    labels: raw.labels,
    shown: {
      name: shorten(raw.labels.alertname || 'unnamed', MOST_NAME),
      severity: raw.labels.severity === 'critical' ? 'critical' : 'warning',
      summary: shorten(summary ?? description ?? message ?? '', MOST_TEXT),
      since,
      ...rest,
    },
  };
}

/** What fires first, the most severe first, then the oldest; no more than a page can show. */
export function inOrder(alerts: MonitorAlert[]): MonitorAlert[] {
  const rank = (alert: MonitorAlert) =>
    STATES.indexOf(alert.state) * 2 + (alert.severity === 'critical' ? 0 : 1);
  return [...alerts]
    .sort((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since))
    .slice(0, MOST_ALERTS);
}

/** RFC 3339 in UTC; undefined for what is no time. */
export function utc(time: string): string | undefined {
  const at = Date.parse(time);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Cuts what comes from outside. */
export function shorten(text: string, most = MOST_TEXT): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** An address that a page may link to, or null. */
export function linkOf(text: string | undefined): string | null {
  if (!text || text.length > MOST_URL || !URL.canParse(text)) return null;
  const { protocol, username, href } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' ? href : null;
}
