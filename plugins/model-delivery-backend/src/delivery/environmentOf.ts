import { NotFoundError } from '@backstage/errors';
import type {
  EnvironmentSpec,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { whereToName } from '../policy/whereToName';

/** @throws NotFoundError naming the environments that there are. */
export function environmentOf(
  spec: ModelSpec,
  environment: string,
): EnvironmentSpec {
  const found = spec.environments.find(e => e.name === environment);
  if (!found) {
    const names = spec.environments.map(e => e.name).join(', ');
    throw new NotFoundError(
      names
        ? `${spec.name} has no environment "${environment}"; it has ${names}`
        : `${spec.name} has no environments; declare them in ${whereToName(
            spec,
            'environments',
          )}`,
    );
  }
  return found;
}
