import type { MonitorAlert } from '@slipway/plugin-model-delivery-common/schema';
import type { ServerConfig } from '../config';
import type { AlertmanagerApi } from '../upstream/AlertmanagerApi';
import type { PrometheusApi } from '../upstream/PrometheusApi';
import { ifThere } from '../upstream/ifThere';
import { type Alert, alertOf, linkOf, shorten, utc } from './Alert';

type Managed = Awaited<ReturnType<AlertmanagerApi['alerts']>>[number];
type Silences = Awaited<ReturnType<AlertmanagerApi['silences']>>;
type Links = Pick<ServerConfig, 'externalUrl' | 'alertmanager'>;

/**
 * Every alert there is now. Alertmanager knows those that fire and which of them are silenced;
 * only Prometheus knows those that are pending. Without an Alertmanager, Prometheus tells both.
 */
export async function readAlerts(
  prometheus: PrometheusApi,
  alertmanager: AlertmanagerApi | undefined,
  links: Links,
  signal: AbortSignal,
): Promise<Alert[]> {
  if (!alertmanager) return await ruleAlerts(prometheus, links, signal);
  const [managed, rules] = await Promise.all([
    managedAlerts(alertmanager, links, signal),
    ruleAlerts(prometheus, links, signal),
  ]);
  return [
    ...managed,
    ...rules.filter(({ shown }) => shown.state === 'pending'),
  ];
}

async function ruleAlerts(
  prometheus: PrometheusApi,
  links: Links,
  signal: AbortSignal,
): Promise<Alert[]> {
  // What has no rules has no such path.
  const found = await ifThere(prometheus.alerts(signal), []);
  return found.flatMap(({ labels, annotations, state, activeAt }) => {
    if (state !== 'firing' && state !== 'pending') return [];
    const url = linkOf(links.externalUrl && below(links.externalUrl, 'alerts'));
    const raw = { labels, annotations, since: activeAt };
    return alertOf(raw, { state, url, silence: null }) ?? [];
  });
}

async function managedAlerts(
  alertmanager: AlertmanagerApi,
  links: Links,
  signal: AbortSignal,
): Promise<Alert[]> {
  const found = await alertmanager.alerts(signal);
  const isSilenced = found.some(({ status }) => status.silencedBy?.length);
  const silences = isSilenced ? await alertmanager.silences(signal) : [];
  return found.flatMap(alert => {
    const { labels, annotations, startsAt, status } = alert;
    return (
      alertOf(
        { labels, annotations, since: startsAt },
        {
          // One that is inhibited, by another alert, is held back as well.
          state: status.state === 'suppressed' ? 'silenced' : 'firing',
          url: urlOf(alert, links),
          silence: silenceOf(status.silencedBy ?? [], silences),
        },
      ) ?? []
    );
  });
}

/** The silence that holds longest. */
function silenceOf(ids: string[], silences: Silences): MonitorAlert['silence'] {
  const [longest] = silences
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ createdBy, comment, endsAt }) => {
      const until = utc(endsAt);
      return until === undefined
        ? []
        : { by: shorten(createdBy, 200), comment: shorten(comment), until };
    })
    .sort((a, b) => b.until.localeCompare(a.until));
  return longest ?? null;
}

/**
 * Where a person looks at it. Prometheus writes its own idea of its address into an alert, which is
 * often the name of a machine: a configured address goes before it.
 */
function urlOf(alert: Managed, links: Links): string | null {
  const generator = linkOf(alert.generatorURL);
  if (generator && links.externalUrl) {
    return linkOf(
      below(links.externalUrl, `graph${new URL(generator).search}`),
    );
  }
  const manager = links.alertmanager?.externalUrl;
  return (
    generator ??
    linkOf(
      manager &&
        below(
          manager,
          `#/alerts?filter=${encodeURIComponent(
            `{alertname=${JSON.stringify(alert.labels.alertname ?? '')}}`,
          )}`,
        ),
    )
  );
}

function below(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`;
}
