import { batchJob } from '@slipway/plugin-model-delivery-common/schema';
import type {
  DeploymentRow,
  DeploymentStore,
  EnvironmentRow,
} from '../database/DeploymentStore';
import type { Bundle } from '../registry/bundle';
import type { DeploymentFolder } from '../serving/DeploymentFolder';
import type { BatchJobs } from './BatchJobs';
import type { PredictParts } from './predict';
import { verifyPredictions } from './verifyPredictions';

/** Makes versions live that run as batch jobs. */
export class BatchDeployments {
  readonly #parts: PredictParts & { store: DeploymentStore; jobs: BatchJobs };

  constructor(
    parts: PredictParts & { store: DeploymentStore; jobs: BatchJobs },
  ) {
    this.#parts = parts;
  }

  /**
   * Tries a version with its golden rows, and lets its job be due as scheduled.
   *
   * @returns what was live before.
   * @throws PredictError where the version does not predict as recorded.
   */
  async goLive(
    deployment: DeploymentRow,
    folder: DeploymentFolder,
    bundle: Bundle,
    signal: AbortSignal,
  ): Promise<EnvironmentRow | undefined> {
    const job = batchJob.parse(JSON.parse(deployment.batch!));
    const { id, version } = deployment;
    const found = await verifyPredictions(this.#parts, {
      bundle,
      version,
      deploymentId: id,
      folder: folder.root,
      signal,
    });
    signal.throwIfAborted();
    const live = await this.#parts.store.goLive(
      deployment,
      this.#parts.jobs.at(),
      `${version} is live; ${found}`,
      this.#parts.jobs.nextDue(job),
    );
    if (!live) throw new Error('It was ended meanwhile.');
    return live.before;
  }
}
