import {
  type AnsweredAgain,
  type EnvironmentTarget,
  type LabelledPrediction,
  type LabelRange,
  type MonitorProvider,
  type MonitorTarget,
  type ProviderContext,
  ProviderError,
  type ProviderReading,
} from '@slipway/plugin-model-delivery-node';
import type { BatchMonitors } from '../batch/BatchMonitors';
import type { DeploymentStore } from '../database/DeploymentStore';
import type { Scrape, ScrapeStore } from '../database/ScrapeStore';
import type { LocalLabels } from '../labels/LocalLabels';
import { readBundleJson } from '../registry/bundle';
import type { Environments } from '../serving/Environments';
import { PROVIDER_ID, PROVIDER_TITLE, environmentKey } from '../targets';
import { type Counters, add, emptyCounters, subtract } from './counters';
import { driftParts, worstPart } from './drift';
import {
  WINDOW_SECONDS,
  availability,
  errors,
  latency,
  predictions,
  unknown,
} from './readings';
import { referenceSchema } from './reference';
import { type Window, cutWindows } from './windows';

const OF_RECENT = { availability, latency, errors, predictions };

interface Parts {
  scrapes: ScrapeStore;
  environments: Environments;
  labels: LocalLabels;
  deployments: DeploymentStore;
  batch: BatchMonitors;
  now: () => number;
}

/** Reads monitors out of what was scraped on this machine. */
export class LocalMonitorProvider implements MonitorProvider {
  readonly #parts: Parts;
  readonly id = PROVIDER_ID;
  readonly title = PROVIDER_TITLE;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async read(
    target: MonitorTarget,
    { signal }: ProviderContext,
  ): Promise<ProviderReading> {
    signal.throwIfAborted();
    const now = this.#parts.now();
    const { monitor } = target;
    const key = environmentKey({
      ...target,
      environment: monitor.environment,
      target: monitor.source,
    });
    const at = new Date(now).toISOString();
    const live = await this.#parts.deployments.environment(key);
    if (live?.batch) {
      const values = await this.#parts.batch.read(live, monitor.signal, now);
      return { at, version: live.version, ...values };
    }
    const version = this.#parts.environments.find(key)?.version ?? null;
    if (version === null) {
      return {
        at,
        version,
        ...unknown(`Nothing is live in ${monitor.environment}.`),
      };
    }
    if (monitor.signal === 'drift') {
      return { at, version, ...(await this.#drift(key, version)) };
    }
    if (!(monitor.signal in OF_RECENT)) {
      throw new ProviderError(
        'unsupported',
        monitor.signal === 'quality'
          ? 'This machine measures quality from labels: the monitor needs `quality` with a metric.'
          : `This machine does not measure ${monitor.signal}; it knows ${Object.keys(
              OF_RECENT,
            ).join(', ')}, drift and quality.`,
      );
    }
    const scrapes = await this.#parts.scrapes.since(
      key,
      now - WINDOW_SECONDS * 1_000,
    );
    // A version that is just live has its own health: what the one before did is not counted.
    const own = scrapes.filter(scrape => scrape.version === version);
    const read = OF_RECENT[monitor.signal as keyof typeof OF_RECENT];
    return { at, version, ...read(own, await this.#beginsWith(key, own)) };
  }

  getLabelled(
    target: EnvironmentTarget,
    range: LabelRange,
    context: ProviderContext,
  ): Promise<LabelledPrediction[]> {
    return this.#parts.labels.labelled(target, range, context);
  }

  answerAgain(
    target: EnvironmentTarget,
    range: LabelRange & { version: string },
    context: ProviderContext,
  ): Promise<AnsweredAgain[]> {
    return this.#parts.labels.answeredAgain(target, range, context);
  }

  /**
   * Whether what the first scrape counted belongs to the stretch: the server began within it, so
   * nothing was scraped of it before.
   */
  async #beginsWith(key: string, scrapes: Scrape[]): Promise<boolean> {
    const first = scrapes.find(({ counters }) => counters !== null);
    return (
      first !== undefined &&
      !(await this.#parts.scrapes.existsBefore(key, first.instance, first.at))
    );
  }

  async #drift(
    key: string,
    version: string,
  ): Promise<Omit<ProviderReading, 'at' | 'version'>> {
    const environment = this.#parts.environments.find(key);
    const serving = environment?.current;
    if (!serving) {
      return unknown(
        environment?.status().message ?? 'The server is not up now.',
      );
    }
    const reference = await readBundleJson(
      serving.bundle.folder,
      'model/reference.json',
      referenceSchema,
    ).catch(error => {
      throw new ProviderError('bad-data', (error as Error).message);
    });
    if (!reference || Object.keys(reference.features).length === 0) {
      return unknown(
        `${version} has no reference.json to compare with, so drift cannot be measured.`,
      );
    }
    const marks = await this.#parts.scrapes.marks(key, version);
    const { windows, rest } = cutWindows(marks, reference.minWindow, 2);
    if (windows.length === 0) {
      return unknown(`${rest} of ${reference.minWindow} predictions.`);
    }
    const parts = driftParts(reference, await this.#count(windows));
    const worst = worstPart(parts);
    return {
      value: worst?.value ?? null,
      insufficient: false,
      reason:
        worst &&
        `${worst.name} ${worst.value?.toFixed(2)}, limit ${worst.limit?.toFixed(
          2,
        )}, over ${windows[0].predictions} predictions`,
      parts,
    } as Omit<ProviderReading, 'at' | 'version'>;
  }

  async #count(windows: Window[]): Promise<Counters[]> {
    const sequences = windows.flatMap(({ segments }) =>
      segments.flatMap(({ from, to }) => (from === null ? [to] : [from, to])),
    );
    const bySequence = await this.#parts.scrapes.counters([
      ...new Set(sequences),
    ]);
    const at = (sequence: number | null) =>
      (sequence === null ? undefined : bySequence.get(sequence)) ??
      emptyCounters();
    return windows.map(({ segments }) =>
      segments.reduce(
        (total, { from, to }) => add(total, subtract(at(to), at(from))),
        emptyCounters(),
      ),
    );
  }
}
