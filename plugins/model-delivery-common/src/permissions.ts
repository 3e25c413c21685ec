import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

const resourceType = RESOURCE_TYPE_CATALOG_ENTITY;

export const modelReadPermission = createPermission({
  name: 'model-delivery.read',
  attributes: { action: 'read' },
  resourceType,
});
export const modelPredictPermission = createPermission({
  name: 'model-delivery.predict',
  attributes: { action: 'read' },
  resourceType,
});
export const runTriggerPermission = createPermission({
  name: 'model-delivery.run.trigger',
  attributes: { action: 'create' },
  resourceType,
});
export const deploymentCreatePermission = createPermission({
  name: 'model-delivery.deployment.create',
  attributes: { action: 'create' },
  resourceType,
});
export const deploymentRollbackPermission = createPermission({
  name: 'model-delivery.deployment.rollback',
  attributes: { action: 'update' },
  resourceType,
});
/** Deploying a version whose gates do not pass. */
export const deploymentOverridePermission = createPermission({
  name: 'model-delivery.deployment.override',
  attributes: { action: 'create' },
  resourceType,
});
/**
 * Approving or rejecting a deployment that waits. Besides it, the caller must belong to a group that
 * the environment asks.
 */
export const deploymentApprovePermission = createPermission({
  name: 'model-delivery.deployment.approve',
  attributes: { action: 'update' },
  resourceType,
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
