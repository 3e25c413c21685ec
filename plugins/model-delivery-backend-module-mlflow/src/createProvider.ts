import type {
  ProviderChange,
  VersionProvider,
} from '@slipway/plugin-model-delivery-node';
import { MlflowApi } from './api/MlflowApi';
import type { ServerConfig } from './config';
import { Discovery } from './discovery/Discovery';
import { MlflowVersionProvider } from './versions/MlflowVersionProvider';

/** Wires what reads one server. */
export function createProvider(
  server: ServerConfig,
  report: (change: ProviderChange) => void,
): VersionProvider {
  const api = new MlflowApi(server);
  const discovery = server.discovery.enabled
    ? new Discovery({
        api,
        server,
        onUpdated: name =>
          report({
            provider: server.id,
            model: null,
            subject: name,
            what: 'versions',
          }),
      })
    : undefined;
  return new MlflowVersionProvider(server, api, discovery);
}
