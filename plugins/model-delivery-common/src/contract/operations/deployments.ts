import { z } from 'zod';
import {
  deployment,
  deploymentDetail,
  environmentName,
  waitingForMe,
} from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  approve,
  continueRollout,
  createDeployment,
  forceRelease,
  kindQuery,
  listOf,
  modelParams,
  none,
  overrideGates,
  page,
  reject,
} from '../shapes';

const deploymentParams = modelParams.extend({
  deploymentId: z.string().max(100),
});
const DEPLOY = 'model-delivery.deployment.create';
const APPROVE = 'model-delivery.deployment.approve';

/** Attempts to put a version into an environment. */
export const deploymentsOperations = {
  listDeployments: operation({
    method: 'get',
    path: `${MODEL}/deployments`,
    summary: 'Deployments, newest first',
    permission: READ,
    params: modelParams,
    query: kindQuery.extend({
      ...page,
      environment: environmentName.optional(),
      action: z.enum(['deploy', 'promote', 'rollback']).optional(),
    }),
    answer: listOf(deployment),
  }),
  getDeployment: operation({
    method: 'get',
    path: `${MODEL}/deployments/:deploymentId`,
    summary: 'One deployment with its events',
    permission: READ,
    params: deploymentParams,
    query: kindQuery,
    answer: deploymentDetail,
  }),
  createDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments`,
    summary: 'Requests a version in an environment: deploy or promote',
    permission: DEPLOY,
    params: modelParams,
    query: kindQuery,
    body: createDeployment,
    answer: deploymentDetail,
    idempotent: true,
    errors: ['conflict'],
  }),
  overrideGates: operation({
    method: 'post',
    path: `${MODEL}/deployments/override`,
    summary:
      'Requests a version in an environment although its gates do not pass. The history keeps the caller and the reason',
    permission: 'model-delivery.deployment.override',
    params: modelParams,
    query: kindQuery,
    body: overrideGates,
    answer: deploymentDetail,
    idempotent: true,
    errors: ['conflict'],
  }),
  approveDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments/:deploymentId/approve`,
    summary:
      'Approves a deployment that waits, for its version digest and its gate results as they are now. The caller must belong to a group that the environment asks, and must not be the requester',
    permission: APPROVE,
    params: deploymentParams,
    query: kindQuery,
    body: approve,
    answer: deploymentDetail,
    errors: ['conflict'],
  }),
  rejectDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments/:deploymentId/reject`,
    summary:
      'Rejects a deployment that waits, with a reason. The caller must belong to a group that the environment asks, and must not be the requester',
    permission: APPROVE,
    params: deploymentParams,
    query: kindQuery,
    body: reject,
    answer: deploymentDetail,
    errors: ['conflict'],
  }),
  listApprovals: operation({
    method: 'get',
    path: '/approvals',
    summary:
      "Deployments that wait for an approval of one of the caller's groups, newest first",
    permission: READ,
    params: none,
    query: z.object(page),
    answer: z.object({
      items: z.array(waitingForMe),
      nextCursor: z.string().optional(),
    }),
  }),
  cancelDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments/:deploymentId/cancel`,
    summary:
      'Cancels an open deployment, or withdraws one that waits; the live version stays live. Needs the permission to begin what it cancels: deploy or roll back',
    permission: READ,
    params: deploymentParams,
    query: kindQuery,
    answer: deploymentDetail,
    errors: ['conflict'],
  }),
  continueDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments/:deploymentId/continue`,
    summary:
      'Begins the next step of a roll-out that paused because a step could not be judged. The history keeps the caller and the reason',
    permission: DEPLOY,
    params: deploymentParams,
    query: kindQuery,
    body: continueRollout,
    answer: deploymentDetail,
    errors: ['conflict'],
  }),
  forceReleaseDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments/:deploymentId/force-release`,
    summary:
      'Ends a cancellation that the outside system does not acknowledge and frees the environment. Needs the permission to begin what it ends',
    permission: READ,
    params: deploymentParams,
    query: kindQuery,
    body: forceRelease,
    answer: deploymentDetail,
    errors: ['conflict'],
  }),
} as const;
