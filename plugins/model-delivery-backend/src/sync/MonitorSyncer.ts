import { LONGEST_BETWEEN_SAMPLES_MS } from '@slipway/plugin-model-delivery-common';
import {
  type ModelSpec,
  type Monitor,
  type MonitorSpec,
  type Reading,
  reading as readingSchema,
} from '@slipway/plugin-model-delivery-common/schema';
import {
  type MonitorProvider,
  type MonitorTarget,
  type ProviderContext,
  ProviderError,
  type ProviderErrorKind,
} from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import type { Stores } from '../database/stores';
import { withKnownAlerts } from '../policy/knownAlerts';
import { monitorEvents } from '../policy/monitorEvents';
import { judgeReading } from '../policy/monitors';
import { parseAnswer } from '../providers/parseAnswer';
import type { ProviderRegistry } from '../providers/ProviderRegistry';
import { targetOf } from '../providers/targetOf';
import { PartialRead } from './PartialRead';
import { keepsLabels, readQuality } from './readQuality';
import type { Syncer } from './Syncer';

/** Kinds of errors that are about one monitor, and not about the provider. */
const OWN_FAULTS: ProviderErrorKind[] = ['not-found', 'unsupported'];
const AGAIN_SECONDS = 15;
const LONGEST_PAST_MS = 6 * 3_600_000;
const PAST_POINTS = 240;
const SHORTEST_STEP_SECONDS = 15;

const hadAlerts = (known: Monitor | undefined) =>
  (known?.reading?.alerts.length ?? 0) > 0;

/** Reads monitors, judges them and keeps the samples. */
export class MonitorSyncer implements Syncer {
  readonly #stores: Stores;
  readonly #registry: ProviderRegistry;
  readonly #now: () => Date;
  readonly #onJudged: (spec: ModelSpec) => Promise<void>;

  constructor(
    stores: Stores,
    registry: ProviderRegistry,
    now: () => Date,
    /** Called after the monitors of a model were judged. */
    onJudged: (spec: ModelSpec) => Promise<void>,
  ) {
    this.#stores = stores;
    this.#registry = registry;
    this.#now = now;
    this.#onJudged = onJudged;
  }

  async sync(spec: ModelSpec, providerId: string, context: ProviderContext) {
    const provider = this.#registry.get('monitors', providerId);
    const before = await this.#stores.monitors.all(spec.entityRef);
    const monitors = spec.monitors.filter(
      ({ source }) => source.provider === providerId,
    );
    const live = await this.#stores.live.current(spec.entityRef);
    const items = new PartialRead();
    let missing: ProviderError | undefined;
    for (const monitor of monitors) {
      const target = monitorTarget(spec, monitor);
      const known = before.get(monitor.name);
      const unread = await items.read(monitor.name, () =>
        monitor.quality && keepsLabels(provider)
          ? this.#readLabels(
              () =>
                readQuality(
                  provider,
                  target,
                  monitor.quality!,
                  live.get(monitor.environment)?.version,
                  this.#now(),
                  context,
                ),
              target,
              known,
            )
          : this.#readOne(provider, target, known, context),
      );
      missing ??= unread;
    }
    items.failWhereNothingHeld();
    // What was known last would pass for what is: the value now is unknown, and the rest stays.
    for (const monitor of monitors) {
      const problem = items.problems.get(monitor.name);
      if (problem === undefined) continue;
      const known = before.get(monitor.name);
      const reading = withKnownAlerts(
        this.#unknown(problem),
        known,
        hadAlerts(known) ? problem : undefined,
      );
      await this.#keep(monitorTarget(spec, monitor), reading, known);
    }
    await this.#onJudged(spec);
    return {
      changed: monitors.length > 0,
      againInSeconds: provider.lookAgainInSeconds?.('quiet') ?? AGAIN_SECONDS,
      missing: items.missing ?? missing,
    };
  }

  /** @returns what could not be loaded, where the value could. */
  async #readOne(
    provider: MonitorProvider,
    target: MonitorTarget,
    known: Monitor | undefined,
    context: ProviderContext,
  ): Promise<ProviderError | undefined> {
    const read = await this.#read(provider, target, known, context);
    const { reading, alertsError } = read;
    const spoilt =
      reading.value === null
        ? undefined
        : await this.#fillGap(provider, target, context);
    await this.#keep(
      target,
      withKnownAlerts(reading, known, alertsError?.message),
      known,
    );
    return alertsError && alertsError.kind !== 'unsupported'
      ? alertsError
      : spoilt;
  }

  /** @returns what of the labels does not hold. */
  async #readLabels(
    read: () => ReturnType<typeof readQuality>,
    target: MonitorTarget,
    known: Monitor | undefined,
  ): Promise<ProviderError | undefined> {
    const { reading, missing } = await read().catch(error => ({
      reading: this.#unknown(ownFault(error).message),
      missing: undefined,
    }));
    await this.#keep(target, reading, known);
    return missing;
  }

  async #keep(
    { entityRef, monitor }: MonitorTarget,
    reading: Reading,
    known: Monitor | undefined,
  ): Promise<void> {
    const judged = judgeReading(monitor, reading, known);
    const at = this.#now().toISOString();
    await this.#stores.monitors.put(
      entityRef,
      judged,
      at,
      monitorEvents(known, judged, at),
    );
  }

  /** A monitor that is wrong itself does not hide the others: its reading says what is wrong. */
  async #read(
    provider: MonitorProvider,
    target: MonitorTarget,
    known: Monitor | undefined,
    context: ProviderContext,
  ): Promise<{ reading: Reading; alertsError?: ProviderError }> {
    try {
      const answer = await provider.read(target, context);
      const reading = readingOf(provider, target, 'reading', answer);
      return { reading, alertsError: answer.alertsError };
    } catch (error) {
      const { message } = ownFault(error);
      return {
        reading: this.#unknown(message),
        ...(hadAlerts(known) && {
          alertsError: new ProviderError('unsupported', message),
        }),
      };
    }
  }

  #unknown(reason: string): Reading {
    return readingSchema.parse({
      at: this.#now().toISOString(),
      value: null,
      insufficient: false,
      reason,
      parts: [],
      version: null,
    });
  }

  /**
   * Asks for what was before the monitor was known, or while nobody answered.
   *
   * @returns what to say of the source where a point does not hold. It is skipped, and is said
   *   once: the past is asked for once.
   */
  async #fillGap(
    provider: MonitorProvider,
    target: MonitorTarget,
    context: ProviderContext,
  ): Promise<ProviderError | undefined> {
    if (!provider.readPast) return undefined;
    const { entityRef, monitor } = target;
    const now = this.#now().getTime();
    const last = await this.#stores.monitors.lastSampleAt(
      entityRef,
      monitor.name,
    );
    const from = Math.max(last ? Date.parse(last) : 0, now - LONGEST_PAST_MS);
    if (now - from < LONGEST_BETWEEN_SAMPLES_MS) return undefined;
    const answer = await provider.readPast(
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
    const about = { thing: `monitor ${monitor.name}`, part: 'past' };
    const points = parseAnswer(provider, about, z.array(z.unknown()), answer);
    const items = new PartialRead();
    const past: Reading[] = [];
    for (const [index, point] of points.entries()) {
      await items.read(String(index), async () =>
        past.push(readingOf(provider, target, `past[${index}]`, point)),
      );
    }
    await this.#stores.monitors.putPast(entityRef, monitor.name, past);
    return items.missing;
  }
}

/** @throws the error itself where it is about more than one monitor. */
function ownFault(error: unknown): ProviderError {
  if (error instanceof ProviderError && OWN_FAULTS.includes(error.kind)) {
    return error;
  }
  throw error;
}

function readingOf(
  provider: MonitorProvider,
  { monitor }: MonitorTarget,
  part: string,
  answer: unknown,
): Reading {
  const about = { thing: `monitor ${monitor.name}`, part };
  return parseAnswer(provider, about, readingSchema, answer);
}

function monitorTarget(spec: ModelSpec, monitor: MonitorSpec): MonitorTarget {
  const { target: _, ...model } = targetOf(spec, monitor.source);
  return { ...model, monitor };
}
