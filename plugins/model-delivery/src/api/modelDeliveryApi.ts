import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  CallAnswer,
  CallInput,
} from '@slipway/plugin-model-delivery-common/client';
import type { OperationName } from '@slipway/plugin-model-delivery-common/contract';

/** The REST API, one operation of the contract at a time. */
export interface ModelDeliveryApi {
  call<N extends OperationName>(
    name: N,
    input?: CallInput<N>,
  ): Promise<CallAnswer<N>>;
}

export const modelDeliveryApiRef = createApiRef<ModelDeliveryApi>().with({
  id: 'plugin.model-delivery.client',
  pluginId: 'model-delivery',
});
