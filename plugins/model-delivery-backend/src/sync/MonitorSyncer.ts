import {
  type ModelSpec,
  type Monitor,
  type MonitorSpec,
  reading as readingSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type MonitorProvider,
  type MonitorTarget,
  type ProviderContext,
  ProviderError,
  type ProviderErrorKind,
  type ProviderReading,
} from '@slipway/plugin-model-delivery-node';
import type { Stores } from '../database/stores';
import { withKnownAlerts } from '../policy/knownAlerts';
import { monitorEvents } from '../policy/monitorEvents';
import { judgeReading } from '../policy/monitors';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import type { Syncer } from './Syncer';

/** Kinds of errors that are about one monitor, and not about whoever is asked. */
const OWN_FAULTS: ProviderErrorKind[] = ['not-found', 'unsupported'];
const AGAIN_SECONDS = 15;
/** A longer time without a sample is asked for afterwards. */
const GAP_MS = 3 * 60_000;
const LONGEST_PAST_MS = 6 * 3_600_000;
const PAST_POINTS = 240;
const SHORTEST_STEP_SECONDS = 15;

/** Reads monitors, judges them and keeps the samples. */
export class MonitorSyncer implements Syncer {
  constructor(
    private readonly stores: Stores,
    private readonly registry: ProviderRegistry,
    private readonly now: () => Date,
  ) {}

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.registry.get('monitors', providerId);
    const before = await this.stores.monitors.all(spec.entityRef);
    let changed = false;
    let missing: ProviderError | undefined;
    for (const monitor of spec.monitors) {
      if (monitor.source.provider !== providerId) continue;
      const target = monitorTarget(spec, monitor);
      const known = before.get(monitor.name);
      const { alertsError, ...read } = await this.#read(
        provider,
        target,
        known,
        context,
      );
      if (alertsError && alertsError.kind !== 'unsupported') {
        missing ??= alertsError;
      }
      const reading = withKnownAlerts(
        readingSchema.parse(read),
        known,
        alertsError?.message,
      );
      if (reading.value !== null) {
        await this.#fillGap(provider, target, context);
      }
      const judged = judgeReading(monitor, reading, known);
      const at = this.now().toISOString();
      await this.stores.monitors.put(
        spec.entityRef,
        judged,
        at,
        monitorEvents(known, judged, at),
      );
      changed = true;
    }
    return {
      changed,
      againInSeconds: provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS,
      missing,
    };
  }

  /** A monitor that is wrong itself does not hide the others: its reading says what is wrong. */
  async #read(
    provider: MonitorProvider,
    target: MonitorTarget,
    known: Monitor | undefined,
    context: ProviderContext,
  ): Promise<ProviderReading> {
    try {
      return await provider.read(target, context);
    } catch (error) {
      if (!(error instanceof ProviderError) || !OWN_FAULTS.includes(error.kind))
        throw error;
      const hadAlerts = (known?.reading?.alerts.length ?? 0) > 0;
      return {
        at: this.now().toISOString(),
        value: null,
        insufficient: false,
        reason: error.message,
        parts: [],
        version: null,
        ...(hadAlerts && {
          alertsError: new ProviderError('unsupported', error.message),
        }),
      };
    }
  }

  /** Asks for what was before the monitor was known, or while nobody answered. */
  async #fillGap(
    provider: MonitorProvider,
    target: MonitorTarget,
    context: ProviderContext,
  ): Promise<void> {
    if (!provider.readPast) return;
    const { entityRef, monitor } = target;
    const now = this.now().getTime();
    const last = await this.stores.monitors.lastSampleAt(
      entityRef,
      monitor.name,
    );
    const from = Math.max(last ? Date.parse(last) : 0, now - LONGEST_PAST_MS);
    if (now - from < GAP_MS) return;
    const past = await provider.readPast(
      target,
      {
        from: new Date(from).toISOString(),
        to: new Date(now).toISOString(),
        stepSeconds: Math.max(
          SHORTEST_STEP_SECONDS,
          Math.ceil((now - from) / 1000 / PAST_POINTS),
        ),
      },
      context,
    );
    await this.stores.monitors.putPast(
      entityRef,
      monitor.name,
      past.map(item => readingSchema.parse(item)),
    );
  }
}

function monitorTarget(spec: ModelSpec, monitor: MonitorSpec): MonitorTarget {
  const { target: _, ...model } = targetOf(spec, monitor.source);
  return { ...model, monitor };
}
