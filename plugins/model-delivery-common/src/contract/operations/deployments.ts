import { z } from 'zod';
import { deployment, deploymentDetail, environmentName } from '../../schema';
import { operation } from '../operation';
import { MODEL, READ } from '../paths';
import {
  createDeployment,
  kindQuery,
  listOf,
  modelParams,
  page,
} from '../shapes';

const deploymentParams = modelParams.extend({
  deploymentId: z.string().max(100),
});
const DEPLOY = 'model-delivery.deployment.create';

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
    summary: 'Asks for a version in an environment: deploy or promote',
    permission: DEPLOY,
    params: modelParams,
    query: kindQuery,
    body: createDeployment,
    answer: deploymentDetail,
    idempotent: true,
    errors: ['conflict'],
  }),
  cancelDeployment: operation({
    method: 'post',
    path: `${MODEL}/deployments/:deploymentId/cancel`,
    summary: 'Ends an open deployment; what was live stays live',
    permission: DEPLOY,
    params: deploymentParams,
    query: kindQuery,
    answer: deploymentDetail,
    errors: ['conflict'],
  }),
} as const;
