import { parseEnvironmentRef } from '@slipway/plugin-model-delivery-common';
import type { ModelEnvironment } from '@slipway/plugin-model-delivery-node/permissions';
import type { ModelStore } from './ModelStore';

/**
 * The environments that conditions of a policy are applied to, in the order of their refs. One query.
 *
 * @returns undefined for each that names no model; the conditions are then not met. An environment that
 *   its model no longer declares is one still: its open deployment can be cancelled.
 */
export async function environmentsOf(
  models: ModelStore,
  refs: string[],
): Promise<(ModelEnvironment | undefined)[]> {
  const parsed = refs.map(parseEnvironmentRef);
  const specs = await models.getAll([
    ...new Set(parsed.flatMap(ref => ref?.entityRef ?? [])),
  ]);
  return parsed.map(ref => {
    const spec = ref && specs.get(ref.entityRef);
    return spec && { ...ref, owners: spec.owner === null ? [] : [spec.owner] };
  });
}
