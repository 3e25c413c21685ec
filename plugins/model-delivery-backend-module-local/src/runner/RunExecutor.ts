import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEnd, RunRow } from '../database/RunStore';
import {
  explainError,
  explainFsError,
  makeFolder,
  removeFolder,
} from '../StateFolder';
import { planJobs } from './graph';
import { type ModelToml, ModelTomlError, parseModelToml } from './modelToml';
import { judgeEnd, judgeRun } from './outcome';
import {
  RunInProgress,
  type RunParts,
  finishRegistration,
} from './RunInProgress';
import type { StopReason } from './runProcess';
import { nextVersion } from './versionName';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Takes one run from its plan to its end. */
export class RunExecutor {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /**
   * Never throws for what a repository holds.
   *
   * @param signal - aborted with a `StopReason`.
   * @param stopping - aborted when the portal stops.
   * @throws where nothing can be recorded: of a run that could not begin, or when the portal stops.
   */
  async execute(
    queued: RunRow,
    signal: AbortSignal,
    stopping: AbortSignal,
  ): Promise<void> {
    const { runs } = this.#parts;
    const run: RunRow = {
      ...queued,
      status: 'running',
      started_at: new Date().toISOString(),
      model_version:
        queued.plan === 'full'
          ? nextVersion(
              await this.#parts.versions.newestName(queued.repository),
            )
          : queued.subject_version,
    };
    await runs.update(run.id, {
      status: run.status,
      started_at: run.started_at,
      model_version: run.model_version,
    });
    const files = this.#parts.state.run(run.id);
    try {
      const model = await this.#readModelToml(run);
      await runs.createJobs(run.id, planJobs(run.plan, model));
      this.#changed(run);
      for (const folder of [files.artifacts, files.reports, files.logs]) {
        await makeFolder(folder);
      }
      if (run.plan === 'evaluation') {
        await this.#parts.registry.restoreArtifacts(
          run.repository,
          run.subject_version!,
          files.artifacts,
        );
      }
      await new RunInProgress(this.#parts, run, files, model, signal).finish();
      const end = judgeRun(
        (await runs.jobs(run.id)).map(job => ({
          name: job.definition.name,
          status: job.status,
          reason: job.reason,
        })),
      );
      await this.#end(run, end, stopping);
    } catch (error) {
      await this.#end(run, this.#endOf(run, error, signal), stopping);
    } finally {
      for (const folder of [files.work, files.artifacts]) {
        await removeFolder(folder).catch(error =>
          this.#parts.logger.warn(explainFsError(error, folder)),
        );
      }
    }
  }

  /** After a crash: what a run registered is the run's, however far the run came. */
  async recover(run: RunRow): Promise<void> {
    const version = await this.#parts.versions.ofRun(run.id);
    if (version && !run.version) {
      await finishRegistration(this.#parts, run, version);
    }
  }

  async #readModelToml(run: RunRow): Promise<ModelToml> {
    const content = await this.#parts.repositories.readFile(
      run.repository,
      run.commit,
      'model.toml',
    );
    if (!content) {
      throw new ModelTomlError(
        'The repository has no model.toml at its root, so there is nothing to run.',
      );
    }
    return parseModelToml(content.toString('utf8'));
  }

  #endOf(
    run: RunRow,
    error: unknown,
    signal: AbortSignal,
  ): Pick<RunEnd, 'status' | 'reason'> {
    if (signal.aborted) {
      const stop = signal.reason as StopReason;
      const { status, reason } = judgeEnd('The run', stop, null);
      return { status: status as 'cancelled' | 'interrupted', reason };
    }
    if (!(error instanceof ModelTomlError)) {
      this.#parts.logger.error(`Run ${run.id} failed`, error as Error);
    }
    const { root } = this.#parts.state.run(run.id);
    return { status: 'failed', reason: explainError(error, root) };
  }

  /**
   * Tried until it is recorded, so that a database that cannot be written for a while, such as on a
   * full disk, does not leave the run under way for ever.
   */
  async #end(
    run: RunRow,
    end: Pick<RunEnd, 'status' | 'reason'>,
    stopping: AbortSignal,
  ): Promise<void> {
    const at = new Date().toISOString();
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      try {
        await this.#parts.runs.end(run.id, { ...end, at });
        this.#changed(run);
        return;
      } catch (error) {
        stopping.throwIfAborted();
        this.#parts.logger.error(
          `The end of run ${run.id} cannot be recorded; it is tried again`,
          error as Error,
        );
      }
      await sleep(Math.min(pause, LONGEST_PAUSE_MS), undefined, {
        signal: stopping,
      });
    }
  }

  #changed(run: RunRow): void {
    this.#parts.onChange(run.repository, 'runs');
  }
}
