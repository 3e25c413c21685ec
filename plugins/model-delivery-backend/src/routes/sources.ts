import { sourceStatus } from '../aggregation/freshness';
import type { RouteDeps } from './createRouter';
import { type MountOptions, mountBasic } from './mount';

export function mountSources(options: MountOptions, deps: RouteDeps): void {
  mountBasic(options, 'listSources', async () => {
    const rows = await deps.stores.sources.byProvider();
    return {
      items: rows.map(row =>
        sourceStatus(
          { ...row, error: row.error ? JSON.parse(row.error) : null },
          deps.registry.title(row.capability, row.provider),
          deps.now().getTime(),
        ),
      ),
    };
  });
}
