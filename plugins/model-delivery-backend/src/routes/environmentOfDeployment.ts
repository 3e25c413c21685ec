import type { ModelSpec } from '@slipway/plugin-model-delivery-common/schema';
import type { RouteDeps } from './RouteDeps';

/** The environment of the deployment that a path names, also of one that is declared no more. */
export const environmentOfDeployment =
  ({ delivery }: RouteDeps) =>
  async (call: {
    spec: ModelSpec;
    params: { deploymentId: string };
  }): Promise<string> =>
    (await delivery.get(call.spec.entityRef, call.params.deploymentId))
      .environment;
