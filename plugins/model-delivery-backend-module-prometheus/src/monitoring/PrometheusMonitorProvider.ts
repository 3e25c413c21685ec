import type {
  MonitorAlert,
  MonitorSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type MonitorProvider,
  type MonitorTarget,
  type ProviderContext,
  ProviderError,
  type ProviderReading,
} from '@slipway/plugin-model-delivery-node';
import { type Alert, inOrder } from '../alerts/Alert';
import { type Labels, isAbout } from '../alerts/AlertRule';
import { Watchers } from '../alerts/Watchers';
import { alertsOrError } from '../alerts/alertsOrError';
import { readAlerts } from '../alerts/readAlerts';
import type { ServerConfig } from '../config';
import type { Template } from '../templates/Template';
import { builtInTemplates } from '../templates/builtIn';
import { AlertmanagerApi } from '../upstream/AlertmanagerApi';
import { PrometheusApi } from '../upstream/PrometheusApi';
import { Shared } from '../upstream/Shared';
import { QueryRefused } from '../upstream/explain';
import { ifThere } from '../upstream/ifThere';
import { countAlerts } from './alertCount';
import { combine } from './combine';
import { rangeWithin, readingsOf } from './past';
import { type Watch, watchOf } from './source';
import { type Targets, readTargets } from './targets';
import { type Found, unknown, valuesOf } from './values';

/** All monitors that are read in one go share one look at the alerts. */
const KEEP_ALERTS_MS = 3_000;
/** Those that wait for alerts in vain do so once, and not monitor by monitor. */
const KEEP_ERROR_MS = 10_000;
/** Alerts that do not come hold up no value for longer. */
const ALERT_PATIENCE_MS = 4_000;
const KEEP_RULES_MS = 30_000;
const BUSY_SECONDS = 10;
const QUIET_SECONDS = 30;

/**
 * Reads monitors from a Prometheus, and alerts about them from its Alertmanager.
 *
 * What is wrong with one monitor, such as a query that Prometheus refuses, is a reading without a
 * value that says so, so that it does not hide the others; what is wrong with a server is thrown,
 * unless it is only that of alerts: then readings say that they are not known.
 */
export class PrometheusMonitorProvider implements MonitorProvider {
  readonly #server: ServerConfig;
  readonly #now: () => number;
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly #prometheus: PrometheusApi;
  readonly #alertmanager: AlertmanagerApi | undefined;
  readonly #templates: Readonly<Record<string, Template>>;
  readonly #alerts: Shared<Alert[] | ProviderError>;
  readonly #rules: Shared<Awaited<ReturnType<PrometheusApi['alertingRules']>>>;
  readonly #watchers = new Watchers();

  constructor(
    server: ServerConfig,
    now: () => number = Date.now,
    alertPatienceMs: number = ALERT_PATIENCE_MS,
  ) {
    this.#server = server;
    this.#now = now;
    this.id = server.id;
    this.title = server.title ?? titleOf(server.id);
    this.#prometheus = new PrometheusApi(this.title, server);
    this.host = this.#prometheus.host;
    this.#alertmanager =
      server.alertmanager &&
      new AlertmanagerApi(
        `The Alertmanager of ${this.title}`,
        server.alertmanager,
      );
    this.#templates = {
      ...builtInTemplates(server.windowSeconds),
      ...server.templates,
    };
    this.#alerts = new Shared(
      signal =>
        alertsOrError(
          limited =>
            readAlerts(this.#prometheus, this.#alertmanager, server, limited),
          { title: this.title, patienceMs: alertPatienceMs },
          signal,
        ),
      {
        keepMs: found =>
          found instanceof ProviderError ? KEEP_ERROR_MS : KEEP_ALERTS_MS,
        now,
      },
    );
    this.#rules = new Shared(
      signal => ifThere(this.#prometheus.alertingRules(signal), []),
      {
        keepMs: () => KEEP_RULES_MS,
        now,
      },
    );
  }

  lookAgainInSeconds(activity: 'busy' | 'quiet'): number {
    return activity === 'busy' ? BUSY_SECONDS : QUIET_SECONDS;
  }

  async read(
    target: MonitorTarget,
    { signal }: ProviderContext,
  ): Promise<ProviderReading> {
    signal.throwIfAborted();
    const at = new Date(this.#now()).toISOString();
    const watch = this.#watchOf(target);
    if (watch instanceof ProviderError) {
      return {
        at,
        version: null,
        ...unknown(watch.message).values,
        alertsError: new ProviderError('unsupported', watch.message),
      };
    }
    this.#watchers.remember(target, watch.alerts);
    const [targets, alerts] = await Promise.all([
      this.#targetsOf(watch, signal),
      this.#alertsAbout(watch, signal),
    ]);
    const found =
      watch.query === null
        ? await this.#count(watch, alerts, targets, signal)
        : await this.#ask(watch.query, target.monitor, watch.parts, signal);
    return {
      at,
      version: null,
      ...combine(found, targets, target.monitor.signal),
      ...(alerts instanceof ProviderError
        ? { alertsError: alerts }
        : { alerts }),
    };
  }

  /** Empty where the monitor itself is wrong: `read` says how. */
  async readPast(
    target: MonitorTarget,
    range: { from: string; to: string; stepSeconds: number },
    { signal }: ProviderContext,
  ): Promise<ProviderReading[]> {
    signal.throwIfAborted();
    const within = rangeWithin(range, this.#server);
    if (!within) return [];
    const watch = this.#watchOf(target);
    if (watch instanceof ProviderError || watch.query === null) return [];
    try {
      const [series, up] = await Promise.all([
        this.#prometheus.queryRange(watch.query, within, signal),
        this.#prometheus.queryRange(`max(${watch.up})`, within, signal),
      ]);
      return readingsOf(series, up, target.monitor, watch.parts);
    } catch (error) {
      if (error instanceof QueryRefused) return [];
      throw error;
    }
  }

  async suggest(
    model: { namespace: string; name: string; environment: string },
    { signal }: ProviderContext,
  ): Promise<{ monitor: MonitorSpec; hasData: boolean }[]> {
    signal.throwIfAborted();
    const { namespace, name, environment } = model;
    const suggested = Object.entries(this.#templates).flatMap(
      ([template, { signal: measured, warning, critical }]) =>
        measured === undefined
          ? []
          : {
              name: template,
              signal: measured,
              environment,
              source: { provider: this.id, template },
              ...(warning && { warning }),
              ...(critical && { critical }),
            },
    );
    return await Promise.all(
      suggested.map(async monitor => ({
        monitor,
        hasData: await this.#hasData(
          {
            entityRef: `mlmodel:${namespace}/${name}`.toLocaleLowerCase(
              'en-US',
            ),
            namespace,
            name,
            annotations: {},
            monitor,
          },
          signal,
        ),
      })),
    );
  }

  async test({ signal }: ProviderContext): Promise<string> {
    await this.#prometheus.query('vector(1)', signal);
    const version = await ifThere(
      this.#prometheus.version(signal),
      'of unknown version',
    );
    const prometheus = `${this.title} ${version} answers queries`;
    if (!this.#alertmanager) return `${prometheus}; no Alertmanager is set up.`;
    const manager = await this.#alertmanager.version(signal);
    return `${prometheus}; Alertmanager ${manager} answers.`;
  }

  /** The next reading asks for alerts anew. */
  forgetAlerts(): void {
    this.#alerts.drop();
  }

  /** Models that watch for these alerts; null where it is not known of one of them. */
  modelsWatching(alerts: Labels[]) {
    return this.#watchers.modelsOf(alerts);
  }

  async close(): Promise<void> {
    await Promise.all([this.#prometheus.close(), this.#alertmanager?.close()]);
  }

  /** What an entity means, or the sentence that says why that is not known. */
  #watchOf(target: MonitorTarget): Watch | ProviderError {
    try {
      return watchOf(target, this.#templates);
    } catch (error) {
      if (error instanceof ProviderError) return error;
      throw error;
    }
  }

  async #targetsOf({ up }: Watch, signal: AbortSignal): Promise<Targets> {
    const server = this.#server;
    const now = this.#now;
    try {
      return await readTargets(this.#prometheus, up, server, now(), signal);
    } catch (error) {
      if (!(error instanceof QueryRefused)) throw error;
      return { state: 'unknown', reason: error.message };
    }
  }

  async #alertsAbout({ alerts }: Watch, signal: AbortSignal) {
    const all = await this.#alerts.get(signal);
    if (all instanceof ProviderError) return all;
    return inOrder(
      all
        .filter(({ labels }) => isAbout(alerts, labels))
        .map(({ shown }) => shown),
    );
  }

  /** What a monitor that only watches alerts reads. */
  async #count(
    watch: Watch,
    alerts: MonitorAlert[] | ProviderError,
    targets: Targets,
    signal: AbortSignal,
  ): Promise<Found> {
    if (alerts instanceof ProviderError) return unknown(alerts.message);
    const rules = await this.#rules.get(signal);
    return countAlerts(watch.alerts, alerts, rules, targets);
  }

  async #ask(
    query: string,
    monitor: MonitorSpec,
    parts: string | null,
    signal: AbortSignal,
  ): Promise<Found> {
    try {
      const answer = await this.#prometheus.query(query, signal);
      return valuesOf(answer, monitor, parts);
    } catch (error) {
      if (error instanceof QueryRefused) return unknown(error.message);
      throw error;
    }
  }

  async #hasData(target: MonitorTarget, signal: AbortSignal): Promise<boolean> {
    const watch = this.#watchOf(target);
    if (watch instanceof ProviderError || watch.query === null) return false;
    const { query, parts } = watch;
    const found = await this.#ask(query, target.monitor, parts, signal);
    // Without requests there are series all the same.
    return (
      found.kind === 'values' &&
      (found.values.value !== null || found.values.insufficient)
    );
  }
}

function titleOf(id: string): string {
  return id === 'prometheus' ? 'Prometheus' : `Prometheus ${id}`;
}
