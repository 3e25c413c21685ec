import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import { shownIncident } from '../database/incidentRows';
import { environmentOf } from '../delivery/environmentOf';
import { targetOf } from '../providers/targetOf';
import { type MountOptions, mountBasic, mountModel } from './mount';
import type { RouteDeps } from './RouteDeps';
import { sourcesOf } from './sourcesOf';
import { upstream } from './upstream';

/** What follows from monitors, and what people decide on it. */
export function mountIncidents(options: MountOptions, deps: RouteDeps): void {
  const { stores, feedback, registry } = deps;
  const replaysOf = (spec: ModelSpec) =>
    spec.environments
      .filter(
        ({ target }) =>
          !target.batch &&
          registry.find('deployments', target.provider)?.replayShifted,
      )
      .map(({ name }) => name);

  mountModel(options, 'listIncidents', async ({ spec, query }) => {
    const { items, nextCursor } = await stores.incidents.list(
      spec.entityRef,
      query.open === undefined ? {} : { open: query.open === 'true' },
      query,
    );
    return {
      items: items.map(shownIncident),
      nextCursor,
      feedback: {
        ...(await feedback.status(spec)),
        replays: replaysOf(spec),
      },
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

  mountModel(options, 'replayShifted', async ({ spec, params, signal }) => {
    const environment = environmentOf(spec, params.environment);
    const { provider: id } = environment.target;
    const provider = registry.get('deployments', id);
    return upstream(provider.title, async () => {
      if (!provider.replayShifted) {
        throw deps.unsupported(
          'it does not replay rows; only an engine for demonstrations does',
        );
      }
      return provider.replayShifted(
        {
          ...targetOf(spec, environment.target),
          environment: environment.name,
        },
        { signal },
      );
    });
  });

  mountModel(options, 'switchFeedback', async ({ spec, body, by }) => ({
    off: await feedback.switch(spec.entityRef, { ...body, by }),
  }));

  mountBasic(options, 'getAllFeedback', async () => feedback.statusOfAll());

  mountBasic(options, 'switchAllFeedback', async ({ body, by }) => ({
    off: await feedback.switch(null, { ...body, by }),
  }));
}
