import type { DeploymentDetail } from '@slipway/plugin-model-delivery-common';
import { useRef } from 'react';
import { type ModelInput, newIdempotencyKey, useModelAction } from '../api';

/**
 * Asks for a deployment once, however often the button is pressed or the network drops: the key
 * stays until the portal has answered.
 */
export function useDelivery<N extends 'createDeployment' | 'rollback'>(
  operation: N,
  onAccepted: (deployment: DeploymentDetail) => void,
) {
  const key = useRef(newIdempotencyKey());
  const action = useModelAction(operation, {
    onDone: answer => {
      key.current = newIdempotencyKey();
      const deployment = answer as DeploymentDetail;
      if (deployment.state !== 'blocked') onAccepted(deployment);
    },
  });
  const answer = action.data as DeploymentDetail | undefined;
  return {
    pending: action.isPending,
    error: action.error,
    blocked: answer?.state === 'blocked' ? answer : undefined,
    ask: (input: ModelInput<N>) =>
      action.mutate({ ...input, idempotencyKey: key.current }),
  };
}
