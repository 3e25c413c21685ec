import type {
  JobStatus,
  RunStatus,
} from '@slipway/plugin-model-delivery-common/schema';

export interface Verdict<S> {
  status: S;
  /** In a sentence, where the status does not say it all. */
  reason: string | null;
}

const verdict = <S>(status: S, reason: string | null = null): Verdict<S> => ({
  status,
  reason,
});

const ENDED: Record<string, Verdict<JobStatus>> = {
  success: verdict('passed'),
  neutral: verdict('passed', 'It ended neither well nor badly (neutral).'),
  failure: verdict('failed'),
  timed_out: verdict('failed', 'It took longer than it may.'),
  startup_failure: verdict(
    'failed',
    'GitHub could not start the run; check the workflow file.',
  ),
  cancelled: verdict('cancelled'),
  skipped: verdict('skipped'),
  stale: verdict(
    'interrupted',
    'GitHub cancelled the run because it made no progress.',
  ),
  action_required: verdict(
    'waiting',
    'Somebody who may write to the repository has to allow it.',
  ),
};

/** What GitHub's two words on a job or a step mean. */
export function jobVerdict(
  status: string,
  conclusion: string | null,
): Verdict<JobStatus> {
  if (status === 'completed') {
    return (
      ENDED[conclusion ?? ''] ??
      verdict(
        'interrupted',
        `GitHub reports that the run ended, without a result (${conclusion ?? 'nothing'}).`,
      )
    );
  }
  if (status === 'in_progress') return verdict('running');
  if (status === 'waiting') return verdict('waiting');
  return verdict('queued');
}

/** The same for a run, which can't be skipped in our words. */
export function runVerdict(
  status: string | null,
  conclusion: string | null,
): Verdict<RunStatus> {
  const { status: said, reason } = jobVerdict(status ?? 'queued', conclusion);
  return said === 'skipped'
    ? verdict('cancelled', 'All of its jobs were skipped, so nothing ran.')
    : { status: said, reason };
}
