import type {
  ModelSpec,
  SourceStatus,
} from '@slipway/plugin-model-delivery-common/schema';
import { sourceStatus } from '../aggregation/freshness';
import type { Capability } from '../database/SourceStore';
import type { RouteDeps } from './createRouter';

/** How fresh the sources behind one list are. */
export async function sourcesOf(
  deps: RouteDeps,
  spec: ModelSpec,
  capability: Capability,
): Promise<SourceStatus[]> {
  const rows = await deps.stores.sources.ofModel(spec.entityRef);
  return rows
    .filter(row => row.capability === capability)
    .map(row =>
      sourceStatus(
        row,
        deps.registry.title(capability, row.provider),
        deps.now().getTime(),
      ),
    );
}
