import type {
  ModelTarget,
  ProviderChange,
  ProviderContext,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { parseMlflowConfig, type ServerConfig } from '../config';
import { createProvider } from '../createProvider';

export const context: ProviderContext = {
  signal: new AbortController().signal,
};

export function serverConfig(url: string, more: object = {}): ServerConfig {
  const [server] = parseMlflowConfig({
    servers: [{ id: 'mlflow', url, ...more }],
  });
  return server;
}

export function providerOf(
  url: string,
  more: object = {},
  report: (change: ProviderChange) => void = () => {},
): VersionProvider {
  return createProvider(serverConfig(url, more), report);
}

export function modelTarget(name: string): ModelTarget {
  return {
    entityRef: 'mlmodel:default/m',
    namespace: 'default',
    name: 'm',
    annotations: {},
    target: { provider: 'mlflow', name },
  };
}
