import fs from 'node:fs/promises';
import type { RunRow } from '../database/RunStore';
import { explainError } from '../StateFolder';
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

/** Takes one run from its plan to its end. */
export class RunExecutor {
  constructor(private readonly parts: RunParts) {}

  /** @param signal - aborted with a `StopReason`. Never throws for what a repository holds. */
  async execute(queued: RunRow, signal: AbortSignal): Promise<void> {
    const { runs } = this.parts;
    const run: RunRow = {
      ...queued,
      status: 'running',
      started_at: new Date().toISOString(),
      model_version:
        queued.plan === 'full'
          ? nextVersion(await this.parts.versions.newestName(queued.repository))
          : queued.subject_version,
    };
    await runs.update(run.id, {
      status: run.status,
      started_at: run.started_at,
      model_version: run.model_version,
    });
    const files = this.parts.state.run(run.id);
    try {
      const model = await this.readModelToml(run);
      await runs.createJobs(run.id, planJobs(run.plan, model));
      this.changed(run);
      for (const folder of [files.artifacts, files.reports, files.logs]) {
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      }
      if (run.plan === 'evaluation') {
        await this.parts.registry.restoreArtifacts(
          run.repository,
          run.subject_version!,
          files.artifacts,
        );
      }
      await new RunInProgress(this.parts, run, files, model, signal).finish();
      const end = judgeRun(
        (await runs.jobs(run.id)).map(job => ({
          name: job.definition.name,
          status: job.status,
          reason: job.reason,
        })),
      );
      await this.end(run, end.status, end.reason);
    } catch (error) {
      if (signal.aborted) {
        const stop = signal.reason as StopReason;
        const { status, reason } = judgeEnd('The run', stop, null);
        await this.end(run, status as 'cancelled' | 'interrupted', reason);
      } else {
        const known = error instanceof ModelTomlError;
        if (!known) {
          this.parts.logger.error(`Run ${run.id} failed`, error as Error);
        }
        await this.end(run, 'failed', explainError(error, files.root));
      }
    } finally {
      for (const folder of [files.work, files.artifacts]) {
        await fs.rm(folder, { recursive: true, force: true }).catch(() => {});
      }
    }
  }

  /** After a crash: what a run registered is the run's, however far the run came. */
  async recover(run: RunRow): Promise<void> {
    const version = await this.parts.versions.ofRun(run.id);
    if (version && !run.version) {
      await finishRegistration(this.parts, run, version);
    }
  }

  private async readModelToml(run: RunRow): Promise<ModelToml> {
    const content = await this.parts.repositories.readFile(
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

  private async end(
    run: RunRow,
    status: RunRow['status'],
    reason: string | null,
  ): Promise<void> {
    await this.parts.runs.update(run.id, {
      status,
      reason,
      finished_at: new Date().toISOString(),
    });
    this.changed(run);
  }

  private changed(run: RunRow): void {
    this.parts.onChange(run.repository, 'runs');
  }
}
