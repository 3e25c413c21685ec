import path from 'node:path';
import {
  type BatchJob,
  batchJob,
} from '@slipway/plugin-model-delivery-common/schema';
import type { BatchRunRow } from '../database/BatchStore';
import { explainError, removeFolder } from '../StateFolder';
import type { DeploymentFolder } from '../serving/DeploymentFolder';
import type { ServerFactory } from '../serving/ServerFactory';
import { BatchFolder } from './BatchFolder';
import { LogTail } from './LogTail';
import { predict, type PredictParts, type RowCounts } from './predict';

/** How a run ended; counts are null where it failed. */
export interface BatchResult {
  status: 'passed' | 'failed';
  counts: RowCounts | null;
  message: string;
  log: string[];
}

/** One run of a batch job, from its input to its output. */
export class BatchRunner {
  readonly #parts: PredictParts & { folder: string; factory: ServerFactory };

  /** @param parts - `folder` holds the files of all batch jobs. */
  constructor(
    parts: PredictParts & { folder: string; factory: ServerFactory },
  ) {
    this.#parts = parts;
  }

  folderOf(key: string): BatchFolder {
    return new BatchFolder(this.#parts.folder, key);
  }

  /**
   * Predicts the input with the live version. The output is there as a whole once it passed.
   *
   * @param live - the version, and the folder of its deployment.
   * @throws the signal's reason where it aborted.
   */
  async run(
    run: Pick<
      BatchRunRow,
      'id' | 'environment_key' | 'due_at' | 'deployment_id' | 'version'
    >,
    live: { job: string; digest: string | null; files: DeploymentFolder },
    signal: AbortSignal,
  ): Promise<BatchResult> {
    const files = this.folderOf(run.environment_key);
    const log = new LogTail();
    const output = files.unfinished(run.id);
    try {
      const job: BatchJob = batchJob.parse(JSON.parse(live.job));
      await files.prepare();
      const input = await files.inputPath(job.input);
      const bundle = await this.#parts.factory.reopen(
        { id: run.deployment_id, version: run.version, digest: live.digest },
        live.files,
      );
      signal.throwIfAborted();
      const counts = await predict(this.#parts, {
        bundle,
        version: run.version,
        input,
        output,
        home: path.join(live.files.root, 'home'),
        owner: run.id,
        log,
        signal,
      });
      await files.publish(run);
      return {
        status: 'passed',
        counts,
        message: messageOf(counts),
        log: log.lines,
      };
    } catch (error) {
      signal.throwIfAborted();
      return {
        status: 'failed',
        counts: null,
        message: explainError(error, files.root),
        log: log.lines,
      };
    } finally {
      await removeFolder(output).catch(() => {});
    }
  }
}

function messageOf({ rowsIn, rowsOut, rejected }: RowCounts): string {
  const rows = `${rowsOut} of ${rowsIn} rows were predicted`;
  return rejected > 0 ? `${rows}; ${rejected} rejected.` : `${rows}.`;
}
