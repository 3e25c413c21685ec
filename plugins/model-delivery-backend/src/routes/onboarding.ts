import type { RouteDeps } from './RouteDeps';
import { type MountOptions, mountBasic } from './mount';
import { upstream } from './upstream';

export function mountOnboarding(options: MountOptions, deps: RouteDeps): void {
  const { onboarding, registeredModels } = deps;
  const { authorizer } = options;

  mountBasic(options, 'previewModel', ({ body, signal }) =>
    onboarding.preview(body, signal),
  );

  mountBasic(options, 'proposeModel', ({ body, by, signal }) =>
    upstream('The pull request was not opened', () =>
      onboarding.propose(body, by, signal),
    ),
  );

  mountBasic(options, 'registerModel', ({ body, by, signal }) =>
    onboarding.register(body, by, signal),
  );

  mountBasic(
    options,
    'listRegisteredModels',
    async ({ query, by, credentials }) => {
      const { items, nextCursor } = await registeredModels.list(query);
      const visible = await authorizer.visibleOf(
        items.map(item => item.entityRef),
        credentials,
      );
      return {
        items: items.filter(
          item => item.by === by || visible.has(item.entityRef),
        ),
        nextCursor,
      };
    },
  );

  mountBasic(options, 'unregisterModel', ({ params, body, by, credentials }) =>
    registeredModels.unregister(
      params,
      { by, reason: body.reason },
      async entityRef =>
        (await authorizer.visibleOf([entityRef], credentials)).has(entityRef),
    ),
  );
}
