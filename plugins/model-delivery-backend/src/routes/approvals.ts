import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  DeploymentDetail,
  ModelSpec,
} from '@slipway/plugin-model-delivery-common/schema';
import { shownDeployment } from '../database/deploymentRows';
import type { Callers } from './Callers';
import { environmentOfDeployment } from './environmentOfDeployment';
import { type MountOptions, mountEnvironment, mountFiltered } from './mount';
import type { RouteDeps } from './RouteDeps';

/** Decisions of people on deployments that wait. */
export function mountApprovals(
  options: MountOptions & { callers: Callers },
  deps: RouteDeps,
): void {
  const { stores, approvals, delivery } = deps;
  const { callers } = options;
  const answer = async (
    spec: ModelSpec,
    id: string,
    credentials: BackstageCredentials,
  ): Promise<DeploymentDetail> =>
    withApproval(
      { callers, deps },
      { spec, credentials },
      await delivery.get(spec.entityRef, id),
    );

  const ofDeployment = environmentOfDeployment(deps);
  mountEnvironment(options, 'approveDeployment', ofDeployment, async call => {
    const { spec, params, body, credentials } = call;
    await approvals.approve(spec, {
      deploymentId: params.deploymentId,
      person: await callers.personOf(credentials),
      reason: body.reason || null,
      gateHash: body.gateHash,
    });
    deps.wakeDelivery();
    return answer(spec, params.deploymentId, credentials);
  });

  mountEnvironment(options, 'rejectDeployment', ofDeployment, async call => {
    const { spec, params, body, credentials } = call;
    await approvals.reject(spec, {
      deploymentId: params.deploymentId,
      person: await callers.personOf(credentials),
      reason: body.reason,
    });
    deps.wakeDelivery();
    return answer(spec, params.deploymentId, credentials);
  });

  mountFiltered(options, 'listApprovals', async ({ query, credentials }) => {
    const visibility = await options.authorizer.visibility(credentials);
    if (visibility === 'none') return { items: [] };
    const { items, nextCursor } = await stores.approvals.waitingFor(
      await callers.personOf(credentials),
      visibility === 'all' ? undefined : visibility,
      query,
    );
    const models = await stores.models.titles(items.map(i => i.entityRef));
    return {
      items: items.flatMap(item => {
        const model = models.get(item.entityRef);
        return model
          ? {
              model,
              deployment: shownDeployment(item),
              expiresAt: item.expiresAt,
            }
          : [];
      }),
      nextCursor,
    };
  });
}

/** Adds who is asked, and whether the caller can decide. */
export async function withApproval(
  parts: { callers: Callers; deps: RouteDeps },
  call: { spec: ModelSpec; credentials: BackstageCredentials },
  detail: DeploymentDetail,
): Promise<DeploymentDetail> {
  const caller = await parts.callers.personOf(call.credentials).catch(error => {
    parts.deps.logger.debug('The groups of a caller are unknown', error);
    return {
      problem: `Your groups could not be read, so you cannot decide: ${(error as Error).message}`,
    };
  });
  return {
    ...detail,
    approval: await parts.deps.approvals.requestOf(
      call.spec,
      detail.id,
      caller,
    ),
  };
}
