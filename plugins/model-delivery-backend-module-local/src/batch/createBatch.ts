import type { LoggerService } from '@backstage/backend-plugin-api';
import type { LocalConfig } from '../config';
import type { BatchStore } from '../database/BatchStore';
import type { DeploymentStore } from '../database/DeploymentStore';
import type { ProcessRecords } from '../processes/ProcessRecords';
import type { PythonEnvironments } from '../runner/PythonEnvironments';
import type { Slots } from '../runner/Slots';
import type { ServerFactory } from '../serving/ServerFactory';
import { BatchDeployments } from './BatchDeployments';
import { BatchJobs } from './BatchJobs';
import { BatchMonitors } from './BatchMonitors';
import { BatchRunner } from './BatchRunner';
import { BatchStates } from './BatchStates';

/** Puts the parts together that run versions as batch jobs. */
export function createBatch(parts: {
  config: Pick<
    LocalConfig,
    'environment' | 'jobTimeoutSeconds' | 'retentionHours'
  >;
  /** The folder of the files of all jobs. */
  folder: string;
  /** The folder of all deployments. */
  serving: string;
  store: BatchStore;
  deployments: DeploymentStore;
  environments: PythonEnvironments;
  records: ProcessRecords;
  factory: ServerFactory;
  slots: Slots;
  logger: LoggerService;
  now: () => number;
  onChange: (key: string) => void;
}) {
  const { config, store } = parts;
  const predicting = {
    environments: parts.environments,
    records: parts.records,
    extraVariables: config.environment,
    timeoutSeconds: config.jobTimeoutSeconds,
  };
  const runner = new BatchRunner({
    ...predicting,
    folder: parts.folder,
    factory: parts.factory,
  });
  const jobs = new BatchJobs({
    ...parts,
    runner,
    retentionMs: config.retentionHours * 3_600_000,
  });
  return {
    jobs,
    deployments: new BatchDeployments({
      ...predicting,
      store: parts.deployments,
      jobs,
    }),
    states: new BatchStates({ store, jobs, runner }),
    monitors: new BatchMonitors(store, config.jobTimeoutSeconds * 1_000),
  };
}
