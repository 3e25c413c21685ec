import { useApi } from '@backstage/frontend-plugin-api';
import type { CallAnswer } from '@slipway/plugin-model-delivery-common/client';
import type { OperationName } from '@slipway/plugin-model-delivery-common/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { approvalsKey, modelKey } from './keys';
import { modelDeliveryApiRef } from './modelDeliveryApi';
import { useModelRef } from './modelRef';
import { modelCall, type ModelInput } from './useModelQuery';

/** Something done to the model of this page; whatever came of it, its answers are asked again. */
export function useModelAction<N extends OperationName>(
  operation: N,
  options: { onDone?: (answer: CallAnswer<N>) => void } = {},
) {
  const api = useApi(modelDeliveryApiRef);
  const ref = useModelRef();
  const client = useQueryClient();
  return useMutation<CallAnswer<N>, Error, ModelInput<N>>({
    mutationFn: input => api.call(operation, modelCall(ref, input)),
    onSuccess: options.onDone,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: modelKey(ref.entityRef) }),
        client.invalidateQueries({ queryKey: approvalsKey }),
      ]),
  });
}
