import type {
  MonitorSpec,
  Reading,
} from '@slipway/plugin-model-delivery-common/schema';
import type { ModelTarget, ProviderContext, ProviderIdentity } from './common';

export interface MonitorTarget extends Omit<ModelTarget, 'target'> {
  /** Its `source` names this provider. */
  monitor: MonitorSpec;
}

/** Reads monitors. Limits and states are ours; the provider tells what was observed. */
export interface MonitorProvider extends ProviderIdentity {
  /**
   * The value now. No data is a null value with its reason, never zero.
   *
   * Units: seconds for latency; ratios from 0 to 1 for availability and errors; PSI for drift,
   * where the value is the worst feature's and the parts are the features; for predictions the
   * parts are the classes' shares.
   */
  read(target: MonitorTarget, context: ProviderContext): Promise<Reading>;
}
