import { shownIncident } from '../database/incidentRows';
import { type MountOptions, mountBasic, mountModel } from './mount';
import type { RouteDeps } from './RouteDeps';
import { sourcesOf } from './sourcesOf';

/** What follows from monitors, and what people decide on it. */
export function mountIncidents(options: MountOptions, deps: RouteDeps): void {
  const { stores, feedback } = deps;

  mountModel(options, 'listIncidents', async ({ spec, query }) => {
    const { items, nextCursor } = await stores.incidents.list(
      spec.entityRef,
      query.open === undefined ? {} : { open: query.open === 'true' },
      query,
    );
    return {
      items: items.map(shownIncident),
      nextCursor,
      feedback: await feedback.status(spec),
      sources: await sourcesOf(deps, spec, 'monitors'),
    };
  });

  mountModel(options, 'getIncident', async ({ spec, params }) =>
    feedback.get(spec, params.incidentId),
  );

  mountModel(options, 'dismissIncident', async ({ spec, params, body, by }) => {
    const dismissed = await feedback.dismiss(spec, params.incidentId, {
      by,
      reason: body.reason,
    });
    await deps.refresh(spec.entityRef);
    return dismissed;
  });

  mountModel(options, 'switchFeedback', async ({ spec, body, by }) => ({
    off: await feedback.switch(spec.entityRef, { ...body, by }),
  }));

  mountBasic(options, 'switchAllFeedback', async ({ body, by }) => ({
    off: await feedback.switch(null, { ...body, by }),
  }));
}
