import {
  AuthorizeResult,
  isPermission,
  isResourcePermission,
  type Permission,
  type PermissionCondition,
  type PermissionCriteria,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import {
  deploymentApprovePermission,
  deploymentOverridePermission,
  feedbackControlPermission,
  RESOURCE_TYPE_MODEL_ENVIRONMENT,
  runTriggerPermission,
} from '@slipway/plugin-model-delivery-common';
import {
  createModelEnvironmentConditionalDecision,
  modelEnvironmentConditions,
} from '@slipway/plugin-model-delivery-node/permissions';

const REVIEWERS = 'group:default/ml-reviewers';
const { isOwner, inEnvironment } = modelEnvironmentConditions;

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };

/**
 * Everybody reads every model. Its owners train, control its feedback, deploy and roll back, and override
 * gates in staging.
 * Only reviewers approve production.
 */
export class OwnersPolicy implements PermissionPolicy {
  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const claims = user?.info.ownershipEntityRefs ?? [];
    if (
      isPermission(permission, runTriggerPermission) ||
      isPermission(permission, feedbackControlPermission)
    ) {
      return createCatalogConditionalDecision(
        permission,
        catalogConditions.isEntityOwner({ claims }),
      );
    }
    if (isResourcePermission(permission, RESOURCE_TYPE_MODEL_ENVIRONMENT)) {
      return createModelEnvironmentConditionalDecision(
        permission,
        conditionsOf(permission, claims),
      );
    }
    return ALLOW;
  }
}

function conditionsOf(
  permission: Permission,
  claims: string[],
): PermissionCriteria<
  PermissionCondition<typeof RESOURCE_TYPE_MODEL_ENVIRONMENT>
> {
  const production = inEnvironment({ environments: ['production'] });
  const staging = inEnvironment({ environments: ['staging'] });
  if (isPermission(permission, deploymentApprovePermission)) {
    return claims.includes(REVIEWERS)
      ? production
      : { allOf: [isOwner({ claims }), { not: production }] };
  }
  return isPermission(permission, deploymentOverridePermission)
    ? { allOf: [isOwner({ claims }), staging] }
    : isOwner({ claims });
}
