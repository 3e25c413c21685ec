import type { DeploymentDetail } from '@slipway/plugin-model-delivery-common';
import { useRef } from 'react';
import { type ModelInput, newIdempotencyKey, useModelAction } from '../api';

/**
 * Requests a deployment once, however often the button is pressed or the network drops: the same
 * request keeps its key until the portal has answered, and a changed one gets a new key.
 */
export function useDelivery<
  N extends 'createDeployment' | 'overrideGates' | 'rollback',
>(operation: N, onAccepted: (deployment: DeploymentDetail) => void) {
  const sent = useRef<{ request: string; key: string } | null>(null);
  const action = useModelAction(operation, {
    onDone: answer => {
      sent.current = null;
      const deployment = answer as DeploymentDetail;
      if (deployment.state !== 'blocked') onAccepted(deployment);
    },
  });
  const answer = action.data as DeploymentDetail | undefined;
  return {
    pending: action.isPending,
    error: action.error,
    blocked: answer?.state === 'blocked' ? answer : undefined,
    ask: (input: ModelInput<N>) => {
      const request = JSON.stringify(input);
      if (sent.current?.request !== request) {
        sent.current = { request, key: newIdempotencyKey() };
      }
      action.mutate({ ...input, idempotencyKey: sent.current.key });
    },
  };
}
