import { NotFoundError } from '@backstage/errors';
import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { whereToName } from '../policy/whereToName';
import type { ProviderRegistry } from '../providers/ProviderRegistry';

/** @throws NotFoundError where the model names no registry, with where to name it. */
export function registryOf(registry: ProviderRegistry, spec: ModelSpec) {
  if (!spec.versions) {
    throw new NotFoundError(
      `${spec.name} names no registry; name it in ${whereToName(
        spec,
        'versions',
      )}`,
    );
  }
  return {
    provider: registry.get('versions', spec.versions.provider),
    model: { ...spec, target: spec.versions },
  };
}
