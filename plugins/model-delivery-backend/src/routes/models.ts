import type { SourceStatus } from '@slipway/plugin-model-delivery-common/schema';
import { notConfigured, sourceStatus } from '../aggregation/freshness';
import type { SourceRow } from '../database/SourceStore';
import type { RouteDeps } from './createRouter';
import { type MountOptions, mountFiltered, mountModel } from './mount';

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
    const visible = await options.authorizer.visibility(credentials);
    if (visible === 'none') {
      return {
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
        facets: { owner: [], type: [], lifecycle: [], environment: [] },
      };
    }
    const filter = { ...query, visible };
    const { items, nextCursor } = await stores.summaries.page(
      filter,
      { by: query.sort, order: query.order },
      query,
    );
    const sources = await stores.sources.ofModels(items.map(i => i.entityRef));
    return {
      items: items.map(item => ({
        ...item,
        sources: statuses(sources.get(item.entityRef) ?? []),
      })),
      nextCursor,
      totalItems: await stores.summaries.total(filter),
      sources: [],
      counts: await stores.summaries.counts(visible),
      facets: {
        owner: await stores.summaries.facet('owner', visible),
        type: await stores.summaries.facet('type', visible),
        lifecycle: await stores.summaries.facet('lifecycle', visible),
        environment: await stores.summaries.environments(visible),
      },
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
