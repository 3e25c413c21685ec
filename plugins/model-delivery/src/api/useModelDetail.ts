import {
  type Deployment,
  isOpenState,
  type Job,
  type JobStatus,
  type ModelDetail,
  type ModelSummary,
  type Run,
} from '@slipway/plugin-model-delivery-common';
import { useModelQuery } from './useModelQuery';

const MOVING: JobStatus[] = ['queued', 'running', 'waiting'];

export const isRunMoving = (run: Run | null): boolean =>
  run !== null && MOVING.includes(run.status);

export const isJobMoving = (job: Job): boolean => MOVING.includes(job.status);

export const isDeploymentOpen = (deployment: Deployment): boolean =>
  isOpenState(deployment.state);

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
