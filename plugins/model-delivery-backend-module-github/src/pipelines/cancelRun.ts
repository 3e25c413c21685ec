import { anything } from '../answers/repositories';
import type { GithubClient } from '../client/GithubClient';
import type { Repository } from '../targets';
import type { RunReader } from './RunReader';
import type { Attempt } from './runIds';

export type CancelRun = (
  repository: Repository,
  attempt: Attempt,
  signal: AbortSignal,
) => Promise<void>;

/** Cancels an attempt; cancelling what has ended is no error. @throws ProviderError `not-found` */
export function createCancelRun(
  client: GithubClient,
  runs: RunReader,
): CancelRun {
  return async ({ owner, repo }, { id, attempt }, signal) => {
    const repository = { owner, repo };
    const hasEnded = async () => {
      const latest = await runs.latest(repository, id, signal);
      return latest.run_attempt > attempt || latest.status === 'completed';
    };
    if (await hasEnded()) return;
    try {
      await client.act(
        repository,
        'POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel',
        { run_id: id },
        anything,
        signal,
      );
    } catch (error) {
      // It may have ended meanwhile.
      if (!(await hasEnded())) throw error;
    }
  };
}
