import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  deploymentCreatePermission,
  deploymentRollbackPermission,
  environmentRef,
} from '@slipway/plugin-model-delivery-common';
import type {
  DeploymentDetail,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { shownDeployment } from '../database/deploymentRows';
import type { Authorize } from '../delivery/DeliveryService';
import { environmentOf } from '../delivery/environmentOf';
import { withApproval } from './approvals';
import type { Callers } from './Callers';
import { environmentOfDeployment } from './environmentOfDeployment';
import type { RouteDeps } from './RouteDeps';
import {
  type ModelCall,
  type MountOptions,
  mountEnvironment,
  mountModel,
} from './mount';
import { sourcesOf } from './sourcesOf';

export function mountDeployments(
  options: MountOptions & { callers: Callers },
  deps: RouteDeps,
): void {
  const { stores, delivery } = deps;
  const { callers } = options;
  const shown = (
    call: { spec: ModelSpec; credentials: BackstageCredentials },
    detail: DeploymentDetail,
  ) => withApproval({ callers, deps }, call, detail);

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

  mountModel(options, 'getDeployment', async call => {
    const { spec, params } = call;
    return shown(call, await delivery.get(spec.entityRef, params.deploymentId));
  });

  const deploy = async (
    call: ModelCall<'createDeployment' | 'overrideGates'>,
    override: boolean,
  ) => {
    const { spec, body, by, idempotencyKey } = call;
    await deps.evidence.readNow(spec, body.version);
    const answer = await delivery.deploy(spec, {
      ...body,
      by,
      automatic: false,
      override,
      requestKey: idempotencyKey,
    });
    deps.wakeDelivery();
    return shown(call, answer);
  };
  const declared = (call: { spec: ModelSpec; body: { environment: string } }) =>
    environmentOf(call.spec, call.body.environment).name;
  mountEnvironment(options, 'createDeployment', declared, call =>
    deploy(call, false),
  );
  mountEnvironment(options, 'overrideGates', declared, call =>
    deploy(call, true),
  );

  /** What a person may begin, that person may cancel. */
  const authorizeFor =
    (entityRef: string, credentials: BackstageCredentials): Authorize =>
    async ({ action, environment }) => {
      const permission =
        action === 'rollback'
          ? deploymentRollbackPermission
          : deploymentCreatePermission;
      await options.authorizer.assertAllowed(
        permission.name,
        environmentRef(entityRef, environment),
        credentials,
      );
    };

  mountModel(options, 'cancelDeployment', async call => {
    const { spec, params, by, credentials } = call;
    const answer = await delivery.cancel(
      spec.entityRef,
      params.deploymentId,
      by,
      authorizeFor(spec.entityRef, credentials),
    );
    deps.wakeDelivery();
    return shown(call, answer);
  });

  mountEnvironment(
    options,
    'continueDeployment',
    environmentOfDeployment(deps),
    async call => {
      const { spec, params, body, by } = call;
      const answer = await delivery.continueRollout(
        spec.entityRef,
        params.deploymentId,
        { by, reason: body.reason },
      );
      deps.wakeDelivery();
      return answer;
    },
  );

  mountModel(options, 'forceReleaseDeployment', async call => {
    const { spec, params, body, by, credentials } = call;
    const answer = await delivery.forceRelease(
      spec.entityRef,
      params.deploymentId,
      { by, reason: body.reason },
      authorizeFor(spec.entityRef, credentials),
    );
    deps.wakeDelivery();
    return shown(call, answer);
  });
}
