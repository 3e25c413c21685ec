import type { LogChunk } from '@slipway/plugin-model-delivery-common/schema';
import { ProviderError } from '@slipway/plugin-model-delivery-node';
import type { Downloads } from '@slipway/plugin-model-delivery-node/http';
import { LRUCache } from 'lru-cache';
import { job as jobAnswer } from '../answers/runs';
import type { GithubClient } from '../client/GithubClient';
import type { Repository } from '../targets';
import { pageOfLog } from './parseLog';

const MAX_LOG_BYTES = 8 * 1024 * 1024;
/** Bytes of ended logs that are kept, so that reading one in pages downloads it once. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Reads logs of jobs. GitHub gives the log of a job only after the job has ended. */
export class LogReader {
  readonly #client: GithubClient;
  readonly #downloads: Downloads;
  readonly #ended = new LRUCache<string, { text: string; cut: boolean }>({
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: ({ text }) => text.length + 1,
  });

  constructor(client: GithubClient, downloads: Downloads) {
    this.#client = client;
    this.#downloads = downloads;
  }

  async read(
    { owner, repo }: Repository,
    of: { run: number; job: string },
    range: { after: number; limit: number },
    signal: AbortSignal,
  ): Promise<LogChunk> {
    const missing = () =>
      new ProviderError(
        'not-found',
        `The run has no job ${JSON.stringify(of.job.slice(0, 60))}.`,
      );
    if (!/^[1-9]\d{0,15}$/.test(of.job)) throw missing();
    const key = `${owner}/${repo}/${of.run}/${of.job}`;
    const kept = this.#ended.get(key);
    if (kept) {
      signal.throwIfAborted();
      return pageOfLog(kept, range);
    }
    const repository = { owner, repo };
    const params = { job_id: Number(of.job) };
    const job = await this.#client.get(
      repository,
      '/repos/{owner}/{repo}/actions/jobs/{job_id}',
      params,
      jobAnswer,
      signal,
    );
    if (job.run_id !== of.run) throw missing();
    if (job.status !== 'completed') {
      return { lines: [], next: range.after, ended: false, truncated: false };
    }
    const address = await this.#client.locate(
      repository,
      '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs',
      params,
      signal,
    );
    const { bytes, cut } = await this.#downloads.get(
      address,
      MAX_LOG_BYTES,
      signal,
    );
    const log = { text: bytes.toString('utf8'), cut };
    this.#ended.set(key, log);
    return pageOfLog(log, range);
  }
}
