import { usePermission } from '@backstage/plugin-permission-react';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  deploymentApprovePermission,
  deploymentCreatePermission,
  deploymentOverridePermission,
  deploymentRollbackPermission,
  feedbackControlPermission,
  modelPredictPermission,
  runTriggerPermission,
} from '@slipway/plugin-model-delivery-common';
import { useModelRef } from '../api';

const VERBS = {
  deploy: [deploymentCreatePermission, 'deploy'],
  approve: [deploymentApprovePermission, 'approve deployments'],
  override: [deploymentOverridePermission, 'override gates'],
  rollback: [deploymentRollbackPermission, 'roll back'],
  run: [runTriggerPermission, 'start or stop runs'],
  feedback: [feedbackControlPermission, 'control its feedback'],
  predict: [modelPredictPermission, 'send it requests'],
} as const satisfies Record<
  string,
  [ResourcePermission<'catalog-entity'>, string]
>;
export type Verb = keyof typeof VERBS;

/** Whether the visitor may do something to the model of this page, and if not, in words. */
export function useMayDo(verb: Verb): { allowed: boolean; reason?: string } {
  const { entityRef } = useModelRef();
  const [permission, words] = VERBS[verb];
  const { loading, allowed } = usePermission({
    permission,
    resourceRef: entityRef,
  });
  return {
    allowed,
    reason:
      loading || allowed
        ? undefined
        : `You do not have permission to ${words}. Ask the owners of the model.`,
  };
}
