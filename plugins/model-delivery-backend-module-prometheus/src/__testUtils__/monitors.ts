import { ConfigReader } from '@backstage/config';
import type {
  MonitorTarget,
  ProviderContext,
} from '@slipway/plugin-model-delivery-node';
import { type ServerConfig, readServers } from '../config';

export const context: ProviderContext = {
  signal: new AbortController().signal,
};

/** A server's settings, with the defaults filled in. */
export function serverConfig(server: object): ServerConfig {
  return readServers(
    new ConfigReader({
      modelDelivery: {
        prometheus: { servers: [{ id: 'prometheus', ...server }] },
      },
    } as never),
  )[0];
}

/** A monitor of the model `churn` in production. */
export function monitorTarget(
  source: object,
  monitor: Partial<MonitorTarget['monitor']> = {},
): MonitorTarget {
  return {
    entityRef: 'mlmodel:default/churn',
    namespace: 'default',
    name: 'churn',
    annotations: {},
    monitor: {
      name: 'latency-p95',
      signal: 'latency',
      environment: 'production',
      ...monitor,
      source: { provider: 'prometheus', ...source },
    },
  };
}
