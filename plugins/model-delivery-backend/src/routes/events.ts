import { modelEvents } from '../aggregation/modelEvents';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountModel } from './mount';
import { sourcesOf } from './sourcesOf';

export function mountEvents(options: MountOptions, deps: RouteDeps): void {
  mountModel(options, 'listEvents', async ({ spec, query }) => ({
    ...(await modelEvents(deps.stores, spec.entityRef, query, query)),
    sources: [
      ...(await sourcesOf(deps, spec, 'deployments')),
      ...(await sourcesOf(deps, spec, 'monitors')),
    ],
  }));
}
