import { NotFoundError } from '@backstage/errors';
import type {
  EnvironmentSpec,
  GateReport,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import type { Stores } from '../database/stores';
import { evaluateGates } from '../policy/gates';
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
        : `${spec.name} has no environment; name some in ${whereToName(
            spec,
            'environments',
          )}`,
    );
  }
  return found;
}

/** Judges a version for an environment against what is live there now. */
export async function gatesOf(
  stores: Stores,
  spec: ModelSpec,
  environment: string,
  version: string,
  now: string,
): Promise<GateReport> {
  const declared = environmentOf(spec, environment);
  const stored = await stores.versions.get(spec.entityRef, version);
  if (!stored) {
    throw new NotFoundError(`${spec.name} has no version ${version}`);
  }
  const live = (await stores.live.current(spec.entityRef)).get(environment);
  return evaluateGates({
    environment: declared,
    version: stored,
    evidence: await stores.versions.evidence(spec.entityRef, {
      type: 'version',
      id: version,
    }),
    live: live ? { version: live.version, digest: live.digest } : null,
    now,
  });
}
