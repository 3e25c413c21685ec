import type {
  MonitorSpec,
  reading,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type { ProviderError } from '../ProviderError';
import type { ModelTarget, ProviderContext, ProviderIdentity } from './common';
import type { EnvironmentTarget } from './DeploymentProvider';

export interface MonitorTarget extends Omit<ModelTarget, 'target'> {
  /** Its `source` names this provider. */
  monitor: MonitorSpec;
}

/** A reading; what has a default may be left out. */
export type ProviderReading = Omit<z.input<typeof reading>, 'alertsUnknown'> & {
  /**
   * Why alerts could not be loaded, where the rest could: no alert would say that none is there. Of
   * kind `unsupported` where the monitor itself is at fault, and nothing is wrong with the source.
   */
  alertsError?: ProviderError;
};

/** A prediction whose true value is known. The id is that of the answer; a request can have several rows. */
export interface LabelledPrediction {
  id: string;
  /** From 0. */
  row: number;
  /** The version that made it; null where its server does not say. */
  version: string | null;
  /** RFC 3339, UTC. */
  predictedAt: string;
  labelledAt: string;
  /** Classes are texts. Both are of one type. */
  predicted: string | number;
  label: string | number;
}

/** A labelled prediction, and what another version answers to the same row. */
export interface AnsweredAgain extends LabelledPrediction {
  answer: string | number;
}

export interface LabelRange {
  /** Labels that came in at this time, RFC 3339 in UTC, or later. */
  since: string;
  /** At most so many, the newest. */
  limit: number;
}

/** Reads monitors. Limits and states are ours; the provider tells what was observed. */
export interface MonitorProvider extends ProviderIdentity {
  /**
   * The value now. No data is a null value with its reason, never zero.
   *
   * Units: seconds for latency; ratios from 0 to 1 for availability and errors; PSI for drift,
   * where the value is the worst feature's and the parts are the features; for predictions the
   * parts are the classes' shares. Alerts are those about what the monitor watches.
   */
  read(
    target: MonitorTarget,
    context: ProviderContext,
  ): Promise<ProviderReading>;
  /**
   * Readings of the past, oldest first, without alerts: asked once for what was before the monitor
   * was known, and for what was missed while nobody answered.
   */
  readPast?(
    target: MonitorTarget,
    range: { from: string; to: string; stepSeconds: number },
    context: ProviderContext,
  ): Promise<ProviderReading[]>;
  /** Monitors that it could watch for a model in an environment, each with whether it has data. */
  suggest?(
    model: { namespace: string; name: string; environment: string },
    context: ProviderContext,
  ): Promise<{ monitor: MonitorSpec; hasData: boolean }[]>;
  /**
   * Predictions of an environment whose label is known, those labelled last first, of all versions. A
   * source that has it gives quality monitors: the backend works the metric out. The target is the
   * `source` of a monitor.
   */
  getLabelled?(
    target: EnvironmentTarget,
    range: LabelRange,
    context: ProviderContext,
  ): Promise<LabelledPrediction[]>;
  /**
   * The same rows, answered by another registered version. Rows whose inputs are not kept, rows that the
   * version refuses, and rows that it was trained on, as far as that is known, are left out. Nothing that it answers counts as a prediction.
   */
  answerAgain?(
    target: EnvironmentTarget,
    range: LabelRange & { version: string },
    context: ProviderContext,
  ): Promise<AnsweredAgain[]>;
}
