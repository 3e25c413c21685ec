import type { LogChunk } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { LRUCache } from 'lru-cache';
import type { GitlabClient } from '../client/GitlabClient';
import type { PipelineReader } from '../pipelines/PipelineReader';
import { pageOfLog } from './parseLog';

const MAX_LOG_BYTES = 8 * 1024 * 1024;
/** Bytes of ended logs that are kept, so that reading one in pages downloads it once. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Reads logs of jobs, also while they run. */
export class LogReader {
  readonly #client: GitlabClient;
  readonly #pipelines: PipelineReader;
  readonly #ended = new LRUCache<string, { text: string; cut: boolean }>({
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: ({ text }) => text.length + 1,
  });

  constructor(client: GitlabClient, pipelines: PipelineReader) {
    this.#client = client;
    this.#pipelines = pipelines;
  }

  async read(
    project: string,
    of: { pipeline: number; job: number },
    range: { after: number; limit: number },
    signal: AbortSignal,
  ): Promise<LogChunk> {
    signal.throwIfAborted();
    const key = `${project} ${of.pipeline} ${of.job}`;
    const kept = this.#ended.get(key);
    if (kept) return pageOfLog({ ...kept, hasEnded: true }, range);
    const job = await this.#pipelines.job(project, of.job, signal);
    if (job.pipeline.id !== of.pipeline) {
      throw new ProviderError(
        'not-found',
        `The run ${of.pipeline} has no job ${of.job}.`,
      );
    }
    const content = await this.#client.content(
      project,
      async api => api.jobs.showLog(project, of.job),
      MAX_LOG_BYTES,
      signal,
    );
    if ('location' in content) {
      throw new ProviderError(
        'unavailable',
        'GitLab sends to another address for the log, which is not followed.',
      );
    }
    const log = { text: content.bytes.toString('utf8'), cut: content.cut };
    const hasEnded = job.finished_at !== null;
    if (hasEnded) this.#ended.set(key, log);
    return pageOfLog({ ...log, hasEnded }, range);
  }
}
