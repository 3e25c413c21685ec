import { usePermission } from '@backstage/plugin-permission-react';
import {
  deploymentApprovePermission,
  deploymentCreatePermission,
  deploymentOverridePermission,
  deploymentRollbackPermission,
  environmentRef,
  feedbackControlPermission,
  modelPredictPermission,
  runTriggerPermission,
} from '@slipway/plugin-model-delivery-common';
import { useModelRef } from '../api';

const OF_MODEL = {
  feedback: [feedbackControlPermission, 'control its feedback'],
  run: [runTriggerPermission, 'start or stop runs'],
  predict: [modelPredictPermission, 'send it requests'],
} as const;
const OF_ENVIRONMENT = {
  deploy: [deploymentCreatePermission, 'deploy'],
  approve: [deploymentApprovePermission, 'approve deployments'],
  override: [deploymentOverridePermission, 'override gates'],
  rollback: [deploymentRollbackPermission, 'roll back'],
} as const;

/** A verb, and the environment to which it would be done where it is done to one. */
export type Asked =
  | { verb: keyof typeof OF_MODEL; environment?: undefined }
  | { verb: keyof typeof OF_ENVIRONMENT; environment: string };

/** Whether the visitor may do something to the model of this page, and if not, in words. */
export function useMayDo(asked: Asked): { allowed: boolean; reason?: string } {
  const { entityRef } = useModelRef();
  const [permission, words] =
    asked.environment === undefined
      ? OF_MODEL[asked.verb]
      : OF_ENVIRONMENT[asked.verb];
  const where =
    asked.environment === undefined ? '' : ` in ${asked.environment}`;
  const { loading, allowed } = usePermission({
    permission,
    resourceRef:
      asked.environment === undefined
        ? entityRef
        : environmentRef(entityRef, asked.environment),
  });
  return {
    allowed,
    reason:
      loading || allowed
        ? undefined
        : `You do not have permission to ${words}${where}. Ask the owners of the model.`,
  };
}
