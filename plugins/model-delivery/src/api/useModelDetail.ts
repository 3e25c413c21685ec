import {
  type Deployment,
  type Job,
  type ModelDetail,
  type ModelSummary,
  type Run,
} from '@slipway/plugin-model-delivery-common';
import { useModelQuery } from './useModelQuery';

export const isRunMoving = (run: Run | null): boolean =>
  run?.status === 'queued' || run?.status === 'running';

export const isJobMoving = (job: Job): boolean =>
  job.status === 'queued' || job.status === 'running';

export const isDeploymentOpen = (deployment: Deployment): boolean =>
  ['requested', 'in-progress', 'verifying'].includes(deployment.state);

export const isModelMoving = (model: ModelSummary): boolean =>
  isRunMoving(model.latestRun) ||
  model.environments.some(e => e.openDeployment !== null);

/** What every tab's top needs, in one answer. */
export const useModelDetail = () =>
  useModelQuery(
    'getModel',
    {},
    { moves: (m: ModelDetail) => isModelMoving(m) },
  );
