import type { BatchJob } from '@slipway/plugin-model-delivery-common/schema';
import type { EnvironmentState } from '@slipway/plugin-model-delivery-node';
import type { BatchStore } from '../database/BatchStore';
import type { EnvironmentRow } from '../database/DeploymentStore';
import type { BatchJobs } from './BatchJobs';
import type { BatchRunner } from './BatchRunner';
import { failureOf, toBatchState } from './batchState';

const SHOWN = 10;

/** How the batch jobs of environments are. */
export class BatchStates {
  readonly #parts: { store: BatchStore; jobs: BatchJobs; runner: BatchRunner };

  constructor(parts: {
    store: BatchStore;
    jobs: BatchJobs;
    runner: BatchRunner;
  }) {
    this.#parts = parts;
  }

  /**
   * The job of an environment, after it followed the entity.
   *
   * @param declared - by the entity now; null where it asks for a server, which the next deployment starts.
   */
  async stateOf(
    row: EnvironmentRow,
    declared: BatchJob | null,
  ): Promise<Omit<EnvironmentState, 'live'>> {
    const { store, jobs, runner } = this.#parts;
    const live = declared ? await jobs.follow(row, declared) : row;
    const runs = await store.recent(row.key, SHOWN);
    const failure = failureOf(runs);
    return {
      status: failure === null ? 'ready' : 'failing',
      message: failure,
      endpoint: null,
      batch: toBatchState(live.next_due_at, runs, runner.folderOf(row.key)),
    };
  }
}
