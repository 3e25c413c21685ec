import type {
  MonitorSpec,
  reading,
} from '@slipway/plugin-model-delivery-common/schema';
import type { z } from 'zod';
import type { ProviderError } from '../ProviderError';
import type { ModelTarget, ProviderContext, ProviderIdentity } from './common';

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
}
