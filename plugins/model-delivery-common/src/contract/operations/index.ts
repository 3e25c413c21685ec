import { deploymentsOperations } from './deployments';
import { environmentsOperations } from './environments';
import { figuresOperations } from './figures';
import { historyOperations } from './history';
import { incidentsOperations } from './incidents';
import { modelsOperations } from './models';
import { monitorsOperations } from './monitors';
import { onboardingOperations } from './onboarding';
import { projectsOperations } from './projects';
import { runsOperations } from './runs';
import { sourcesOperations } from './sources';
import { versionsOperations } from './versions';

/** The whole REST API, below `/api/model-delivery/v1`. */
export const operations = {
  ...modelsOperations,
  ...runsOperations,
  ...versionsOperations,
  ...environmentsOperations,
  ...deploymentsOperations,
  ...figuresOperations,
  ...historyOperations,
  ...monitorsOperations,
  ...incidentsOperations,
  ...sourcesOperations,
  ...onboardingOperations,
  ...projectsOperations,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
