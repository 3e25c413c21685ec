import type { JobStatus } from '@slipway/plugin-model-delivery-common/schema';

export interface Verdict<S> {
  status: S;
  /** In a sentence, where the status does not say it all. */
  reason: string | null;
}

const VERDICTS: Record<string, Verdict<JobStatus>> = {
  created: { status: 'queued', reason: null },
  preparing: { status: 'queued', reason: null },
  pending: { status: 'queued', reason: null },
  waiting_for_resource: {
    status: 'queued',
    reason: 'It waits until another job releases its resource group.',
  },
  waiting_for_callback: {
    status: 'queued',
    reason: 'It waits for an answer of another system.',
  },
  scheduled: { status: 'queued', reason: 'It starts after a delay.' },
  running: { status: 'running', reason: null },
  canceling: { status: 'running', reason: 'It is being cancelled.' },
  manual: { status: 'waiting', reason: 'Somebody has to start it on GitLab.' },
  success: { status: 'passed', reason: null },
  failed: { status: 'failed', reason: null },
  canceled: { status: 'cancelled', reason: null },
  skipped: { status: 'skipped', reason: null },
};

/** What GitLab's word on a pipeline or a job means. */
export function verdictOf(
  status: string,
  hasEnded: boolean,
): Verdict<JobStatus> {
  return (
    VERDICTS[status] ?? {
      status: hasEnded ? 'interrupted' : 'queued',
      reason: `GitLab reports the status ${status}, which Slipway does not know.`,
    }
  );
}
