import type { DiscoveryApi, FetchApi } from '@backstage/frontend-plugin-api';
import type { ModelDeliveryApi } from './modelDeliveryApi';

/**
 * The typed client, fetched with its first call: it brings every schema of the contract, which
 * nobody needs before a page of ours is open.
 */
export function createLazyClient(options: {
  discoveryApi: DiscoveryApi;
  fetchApi: FetchApi;
}): ModelDeliveryApi {
  let client: Promise<ModelDeliveryApi> | undefined;
  return {
    async call(name, input) {
      client ??= import('@slipway/plugin-model-delivery-common/client')
        .then(m => new m.ModelDeliveryClient(options))
        .catch(error => {
          client = undefined;
          throw error;
        });
      return (await client).call(name, input);
    },
  };
}
