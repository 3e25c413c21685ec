import type { RouteDeps } from './createRouter';
import { type MountOptions, mountBasic } from './mount';
import { upstream } from './upstream';

export function mountOnboarding(options: MountOptions, deps: RouteDeps): void {
  const { onboarding } = deps;

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
}
