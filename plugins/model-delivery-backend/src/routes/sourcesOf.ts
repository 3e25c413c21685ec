import type {
  ModelSpec,
  SourceStatus,
} from '@slipway/plugin-model-delivery-common/schema';
import { notConfigured, sourceStatus } from '../aggregation/freshness';
import type { Capability } from '../database/SourceStore';
import type { RouteDeps } from './RouteDeps';

/** How fresh the sources behind one list are, or that nobody named one. */
export async function sourcesOf(
  deps: RouteDeps,
  spec: ModelSpec,
  capability: Capability,
): Promise<SourceStatus[]> {
  const rows = await deps.stores.sources.ofModel(spec.entityRef);
  const found = rows.filter(row => row.capability === capability);
  if (found.length === 0) {
    return notConfigured(rows).filter(s => s.capability === capability);
  }
  return found.map(row =>
    sourceStatus(
      row,
      deps.registry.title(capability, row.provider),
      deps.now().getTime(),
    ),
  );
}
