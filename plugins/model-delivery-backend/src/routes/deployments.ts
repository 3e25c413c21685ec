import { shownDeployment } from '../database/deploymentRows';
import type { RouteDeps } from './createRouter';
import { type MountOptions, mountModel } from './mount';
import { sourcesOf } from './sourcesOf';

export function mountDeployments(options: MountOptions, deps: RouteDeps): void {
  const { stores, delivery } = deps;

  mountModel(options, 'listDeployments', async ({ spec, query }) => {
    const { items, nextCursor } = await stores.deployments.list(
      spec.entityRef,
      query,
      query,
    );
    return {
      items: items.map(shownDeployment),
      nextCursor,
      sources: await sourcesOf(deps, spec, 'deployments'),
    };
  });

  mountModel(options, 'getDeployment', async ({ spec, params }) =>
    delivery.get(spec.entityRef, params.deploymentId),
  );

  mountModel(options, 'createDeployment', async call => {
    const { spec, body, by, idempotencyKey } = call;
    await deps.evidence.readNow(spec, body.version);
    const answer = await delivery.deploy(spec, {
      ...body,
      by,
      automatic: false,
      idempotencyKey,
    });
    deps.wakeDelivery();
    return answer;
  });

  mountModel(options, 'cancelDeployment', async ({ spec, params, by }) => {
    const answer = await delivery.cancel(
      spec.entityRef,
      params.deploymentId,
      by,
    );
    deps.wakeDelivery();
    return answer;
  });
}
