import type { LoggerService } from '@backstage/backend-plugin-api';
import type { BatchJobs } from '../batch/BatchJobs';
import type {
  DeploymentRow,
  EnvironmentRow,
} from '../database/DeploymentStore';
import { removeFolder } from '../StateFolder';
import type { CandidateServing } from './Candidates';
import { type Environments, noServer } from './Environments';

interface Parts {
  environments: Environments;
  jobs: BatchJobs;
  logger: LoggerService;
  onChange: (key: string) => void;
  /** Ends the candidates of an environment. */
  withdrawFrom: (key: string, reason: string) => Promise<void>;
}

/** Ends what ran in an environment before, once another version is recorded as live there. */
export class Takeovers {
  readonly #parts: Parts;
  /** Earlier servers that answer their last requests, and earlier runs that end. */
  readonly #ending = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Sends requests to the new server. The earlier one answers its last requests beside the next
   * deployment, so a slow client holds up no roll back.
   */
  byServer(serving: CandidateServing, before?: EnvironmentRow): void {
    const { environment_key: key, version } = serving.servable;
    const { drained } = this.#parts.environments.get(key).replace(serving);
    this.#parts.onChange(key);
    this.#end(key, drained);
    if (before?.batch) this.#endJob(before);
    this.#withdraw(key, version);
  }

  /** Lets the job be due, and ends the server once it has answered its last request. */
  byJob(
    { environment_key: key, version }: DeploymentRow,
    before?: EnvironmentRow,
  ): void {
    const { environments, jobs } = this.#parts;
    const { drained } = environments.get(key).vacate(noServer(version));
    this.#end(key, drained);
    if (before?.batch) this.#endJob(before);
    else jobs.wake();
    this.#withdraw(key, version);
  }

  /** Resolves when nothing of an earlier version is left. */
  async idle(): Promise<void> {
    await Promise.all(this.#ending);
  }

  /** Ends a run of the job that was live before, and removes its files. */
  #endJob({ key, deployment_id }: EnvironmentRow): void {
    const { environments, jobs } = this.#parts;
    const { root } = environments.get(key).folderOf(deployment_id);
    this.#end(
      key,
      jobs.changed(key).then(() => removeFolder(root)),
    );
  }

  #withdraw(key: string, version: string): void {
    this.#parts
      .withdrawFrom(key, `${version} went live before it did.`)
      .catch(error => this.#parts.logger.error(error));
  }

  #end(key: string, ended: Promise<void>): void {
    const ending = ended
      .catch(error =>
        this.#parts.logger.warn(
          `The earlier version of ${key} could not be removed: ${error}`,
        ),
      )
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
