import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { ModelTarget } from '@slipway/plugin-model-delivery-node';

/** What a provider receives of a model: its identity, and the part of its spec that names the provider. */
export const targetOf = (
  spec: ModelSpec,
  target: ModelTarget['target'],
): ModelTarget => ({
  entityRef: spec.entityRef,
  namespace: spec.namespace,
  name: spec.name,
  annotations: spec.annotations,
  target,
});
