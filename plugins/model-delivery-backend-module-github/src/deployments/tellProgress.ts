import type { OutsideWait } from '@slipway/plugin-model-delivery-common/schema';
import type { ProviderRun } from '@slipway/plugin-model-delivery-node';

export type RunProgress =
  | { phase: 'in-progress'; message: string; waitsFor?: OutsideWait }
  | { phase: 'ended'; state: 'success' | 'failure'; message: string };

/**
 * What the run of a workflow means for the deployment that it carries out. The messages stay as
 * they are while nothing changes.
 */
export function tellProgress(
  { workflow, environment }: { workflow: string; environment: string },
  run: Pick<
    ProviderRun,
    'status' | 'reason' | 'url' | 'jobsDone' | 'jobsTotal'
  >,
  waitsFor: 'person' | 'rule',
  version: string | null,
): RunProgress {
  const ended = (state: 'success' | 'failure', message: string) =>
    ({ phase: 'ended', state, message }) as const;
  switch (run.status) {
    case 'passed':
      return ended(
        'success',
        `${workflow} brought ${version ?? 'it'} to ${environment}.`,
      );
    case 'queued':
      return {
        phase: 'in-progress',
        message: `${workflow} waits for a runner of GitHub Actions.`,
      };
    case 'running':
      return {
        phase: 'in-progress',
        message:
          run.jobsTotal > 1
            ? `${workflow} is running: ${run.jobsDone} of ${run.jobsTotal} jobs done.`
            : `${workflow} is running.`,
      };
    case 'waiting':
      return {
        phase: 'in-progress',
        message: run.reason ?? `${workflow} waits for a review on GitHub.`,
        waitsFor: { kind: waitsFor, url: run.url },
      };
    case 'cancelled':
      return ended('failure', `The run of ${workflow} was cancelled.`);
    default:
      return ended(
        'failure',
        `${workflow} failed${run.reason ? `: ${run.reason}` : '.'}`,
      );
  }
}
