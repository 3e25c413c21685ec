import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

const resourceType = RESOURCE_TYPE_CATALOG_ENTITY;

/** An environment of a model: the resource of every permission that changes what is served. */
export const RESOURCE_TYPE_MODEL_ENVIRONMENT = 'model-environment';

/** How an environment is named as a resource: `<entity ref>#<environment>`. */
export function environmentRef(entityRef: string, environment: string): string {
  return `${entityRef}#${environment}`;
}

/** @returns undefined for text that `environmentRef` did not make. */
export function parseEnvironmentRef(
  ref: string,
): { entityRef: string; environment: string } | undefined {
  const at = ref.lastIndexOf('#');
  if (at <= 0 || at === ref.length - 1) return undefined;
  return { entityRef: ref.slice(0, at), environment: ref.slice(at + 1) };
}

// Policies that see only a plugin, a resource type and an action, as the RBAC plugin does, can tell
// permissions of one resource type apart by their action alone. Backstage knows four actions, and such a
// policy calls a permission without one `use`. So no two permissions of one resource type have the same.

export const modelReadPermission = createPermission({
  name: 'model-delivery.read',
  attributes: { action: 'read' },
  resourceType,
});
export const modelPredictPermission = createPermission({
  name: 'model-delivery.predict',
  attributes: {},
  resourceType,
});
export const runTriggerPermission = createPermission({
  name: 'model-delivery.run.trigger',
  attributes: { action: 'create' },
  resourceType,
});
/** Deploying, promoting, adopting, continuing a roll-out and lifting a hold. */
export const deploymentCreatePermission = createPermission({
  name: 'model-delivery.deployment.create',
  attributes: { action: 'create' },
  resourceType: RESOURCE_TYPE_MODEL_ENVIRONMENT,
});
/** Bringing an earlier version, or the live one, back. */
export const deploymentRollbackPermission = createPermission({
  name: 'model-delivery.deployment.rollback',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_MODEL_ENVIRONMENT,
});
/** Deploying a version whose gates do not pass: it takes their protection away. */
export const deploymentOverridePermission = createPermission({
  name: 'model-delivery.deployment.override',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_MODEL_ENVIRONMENT,
});
/**
 * Approving or rejecting a deployment that waits. Besides it, the caller must belong to a group that
 * the environment asks.
 */
export const deploymentApprovePermission = createPermission({
  name: 'model-delivery.deployment.approve',
  attributes: {},
  resourceType: RESOURCE_TYPE_MODEL_ENVIRONMENT,
});
/** Switching the feedback of a model off and on, and dismissing its incidents. */
export const feedbackControlPermission = createPermission({
  name: 'model-delivery.feedback.control',
  attributes: { action: 'update' },
  resourceType,
});
/** Switching the feedback of all models off and on. */
export const feedbackControlAllPermission = createPermission({
  name: 'model-delivery.feedback.control-all',
  attributes: { action: 'update' },
});
export const sourceReadPermission = createPermission({
  name: 'model-delivery.source.read',
  attributes: { action: 'read' },
});
export const projectCreatePermission = createPermission({
  name: 'model-delivery.project.create',
  attributes: { action: 'create' },
});

/** Bringing a model that exists already into the catalog, and unregistering it. */
export const modelAddPermission = createPermission({
  name: 'model-delivery.model.add',
  attributes: { action: 'create' },
});

/** Every permission of the plugin, in the form the backend registers. */
export const modelDeliveryPermissions = [
  modelReadPermission,
  modelPredictPermission,
  runTriggerPermission,
  deploymentCreatePermission,
  deploymentRollbackPermission,
  deploymentOverridePermission,
  deploymentApprovePermission,
  feedbackControlPermission,
  feedbackControlAllPermission,
  sourceReadPermission,
  projectCreatePermission,
  modelAddPermission,
];
