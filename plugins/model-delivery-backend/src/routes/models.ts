import type { SourceStatus } from '@slipway/plugin-model-delivery-common/schema';
import { notConfigured, sourceStatus } from '../aggregation/freshness';
import type { SourceRow } from '../database/SourceStore';
import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountFiltered, mountModel } from './mount';

const NOTHING = {
  items: [],
  totalItems: 0,
  sources: [],
  counts: {
    all: 0,
    unhealthy: 0,
    blocked: 0,
    drifting: 0,
    stale: 0,
    unowned: 0,
  },
  atLeast: { totalItems: false, counts: false },
  facets: { owner: [], type: [], lifecycle: [], environment: [] },
};

export function mountModels(options: MountOptions, deps: RouteDeps): void {
  const { stores, now } = deps;
  const statuses = (rows: SourceRow[]): SourceStatus[] => [
    ...rows.map(row =>
      sourceStatus(
        row,
        deps.registry.title(row.capability, row.provider),
        now().getTime(),
      ),
    ),
    ...notConfigured(rows),
  ];

  mountFiltered(options, 'listModels', async ({ query, credentials }) => {
    const visibility = await options.authorizer.visibility(credentials);
    if (visibility === 'none') return NOTHING;
    const visible = visibility === 'all' ? undefined : visibility;
    const { items, nextCursor, total } = await stores.fleet.page(
      { ...query, visible },
      { by: query.sort, order: query.order },
      query,
    );
    const { counts, facets } = await stores.fleet.overview(visible);
    const sources = await stores.sources.ofModels(items.map(i => i.entityRef));
    return {
      items: items.map(item => ({
        ...item,
        sources: statuses(sources.get(item.entityRef) ?? []),
      })),
      nextCursor,
      totalItems: total.n,
      sources: [],
      counts: {
        all: counts.all.n,
        unhealthy: counts.unhealthy.n,
        blocked: counts.blocked.n,
        drifting: counts.drifting.n,
        stale: counts.stale.n,
        unowned: counts.unowned.n,
      },
      atLeast: { totalItems: total.atLeast, counts: counts.all.atLeast },
      facets,
    };
  });

  mountModel(options, 'getModel', async ({ spec }) => {
    let detail = await stores.summaries.detail(spec.entityRef);
    if (!detail) {
      // Known for less than a moment: its first summary is being written.
      await deps.refresh(spec.entityRef);
      detail = await stores.summaries.detail(spec.entityRef);
    }
    if (!detail) throw new Error(`${spec.entityRef} could not be summarised`);
    return {
      ...detail,
      sources: statuses(await stores.sources.ofModel(spec.entityRef)),
    };
  });

  mountModel(options, 'refreshModel', async ({ spec }) => {
    const due = await stores.sources.markDue(
      { entityRef: spec.entityRef },
      now().toISOString(),
    );
    deps.wakeSync();
    return { due };
  });
}
