import type {
  JobStatus,
  RunStatus,
} from '@slipway/plugin-model-delivery-common';

/** How a job's process ended. */
export type ProcessEnd =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  | { kind: 'timeout'; seconds: number }
  | { kind: 'cancelled'; by: string }
  | { kind: 'interrupted' }
  | { kind: 'refused'; reason: string };

export interface JobOutcome {
  status: Exclude<JobStatus, 'queued' | 'running'>;
  reason: string | null;
}

/**
 * What an end means, by the contract's exit codes.
 *
 * @param detail - the most telling sentence at hand: what the report says, else the last line of
 *   the log.
 */
export function judgeEnd(
  verb: string,
  end: ProcessEnd,
  detail: string | null,
): JobOutcome {
  const because = detail ? `: ${detail}` : '.';
  switch (end.kind) {
    case 'timeout':
      return failed(
        `${verb} took longer than ${end.seconds} s and was stopped.`,
      );
    case 'signal':
      return failed(
        `${verb} was ended by ${end.signal}${
          end.signal === 'SIGKILL' ? ', perhaps for want of memory' : ''
        }.`,
      );
    case 'cancelled':
      return { status: 'cancelled', reason: `Cancelled by ${end.by}.` };
    case 'interrupted':
      return {
        status: 'interrupted',
        reason: 'The portal stopped while this ran.',
      };
    case 'refused':
      return failed(end.reason);
    default:
  }
  switch (end.code) {
    case 0:
      return { status: 'passed', reason: null };
    case 1:
      return failed(`${verb} failed${because}`);
    case 2:
      return failed(
        `${verb} was called in a way it does not know (exit code 2)${because}`,
      );
    case 3:
      return {
        status: 'rejected',
        reason: detail ?? `A gate of ${verb} failed.`,
      };
    case 4:
      return failed(`The data is invalid${because}`);
    case 5:
      return failed(`The environment lacks something${because}`);
    case 75:
      return failed(`${verb} could not be done now; run it again${because}`);
    default:
      return failed(`${verb} ended with exit code ${end.code}${because}`);
  }
}

function failed(reason: string): JobOutcome {
  return { status: 'failed', reason };
}

/** Whether the jobs that need this one may start. A gate's no does not stop the graph. */
export function allowsNext(status: JobStatus): boolean {
  return status === 'passed' || status === 'rejected';
}

/** How a run ended, given its jobs in order. */
export function judgeRun(
  jobs: ReadonlyArray<{
    name: string;
    status: JobStatus;
    reason: string | null;
  }>,
): { status: RunStatus; reason: string | null } {
  for (const status of ['cancelled', 'interrupted', 'failed'] as const) {
    const first = jobs.find(job => job.status === status);
    if (first) return { status, reason: first.reason };
  }
  const rejected = jobs.filter(job => job.status === 'rejected');
  if (rejected.length > 0) {
    return {
      status: 'rejected',
      reason: rejected
        .map(job => job.reason)
        .filter(Boolean)
        .join(' '),
    };
  }
  return { status: 'passed', reason: null };
}
