import type {
  DeployProgress,
  ProviderRun,
} from '@slipway/plugin-model-delivery-node';
import type { GitlabApprovals, GitlabDeployment } from '../answers/deployments';
import { endOf } from './Records';

/** A pipeline that carries a deployment out, as it was read. */
export interface Seen {
  run: Pick<
    ProviderRun,
    'id' | 'status' | 'reason' | 'url' | 'jobsDone' | 'jobsTotal'
  >;
  /** GitLab's own record of the deployment; null where there is none. */
  record: GitlabDeployment | null;
  /** Read where the record is blocked. */
  approvals: GitlabApprovals | null;
  /** Slipway cancelled it while it waited, which GitLab keeps as the pipeline's name alone. */
  isCancelled: boolean;
}

const FAILED = ['failed', 'cancelled', 'skipped', 'interrupted'];

const failed = (message: string): DeployProgress => ({
  phase: 'failed',
  message,
});

/**
 * What a pipeline means for the deployment that it carries out. GitLab's record decides whether the
 * version is live, since a pipeline also passes while its deploying job was not started. The messages
 * stay as they are while nothing changes.
 */
export function tellProgress(
  { environment, version }: { environment: string; version: string | null },
  seen: Seen,
): DeployProgress {
  const { run, record } = seen;
  if (record?.status === 'success') {
    return {
      phase: 'live',
      message: `The pipeline brought ${version ?? 'the version'} to ${environment}.`,
      at: endOf(record),
    };
  }
  if (FAILED.includes(run.status)) return failed(failureOf(seen));
  const wait = waitOf(environment, seen);
  if (wait !== null) {
    if (seen.isCancelled) {
      return failed(
        'It was cancelled while it waited. GitLab keeps its job, which people can still start there.',
      );
    }
    return {
      phase: 'in-progress',
      message: wait,
      runId: run.id,
      waitsFor: { kind: 'person', url: record?.deployable?.web_url ?? run.url },
    };
  }
  if (run.status === 'passed') {
    const why = passedWithout(environment, record);
    if (why !== null) return failed(why);
  }
  return { phase: 'in-progress', message: messageOf(run), runId: run.id };
}

function failureOf({ run }: Seen): string {
  const word = run.status === 'cancelled' ? 'was cancelled' : 'failed';
  return `The pipeline ${word}${run.reason ? `: ${run.reason}` : '.'}`;
}

/** A sentence, where people have to act on GitLab; null where nobody has to. */
function waitOf(
  environment: string,
  { run, record, approvals }: Seen,
): string | null {
  if (record?.status === 'blocked') {
    return approvalsSentence(environment, approvals);
  }
  if (record?.deployable?.status === 'manual') {
    return `${record.deployable.name} waits to be started on GitLab.`;
  }
  return run.status === 'waiting'
    ? (run.reason ?? 'The pipeline waits for a person on GitLab.')
    : null;
}

function approvalsSentence(
  environment: string,
  approvals: GitlabApprovals | null,
): string {
  const rules = approvals?.approval_summary?.rules ?? [];
  const counts = rules.map(rule => {
    const given = rule.deployment_approvals.filter(
      ({ status }) => status === 'approved',
    ).length;
    const by = rule.access_level_description ?? 'a rule';
    return `${given} of ${rule.required_approvals} by ${by}`;
  });
  if (counts.length > 0) {
    return `${environment} requires approvals on GitLab: ${counts.join(', ')}.`;
  }
  const pending = approvals?.pending_approval_count ?? 0;
  return pending > 0
    ? `${environment} requires approvals on GitLab: ${pending} to go.`
    : `${environment} requires approval on GitLab.`;
}

/** Why a pipeline that passed deployed nothing; null while it may still do so. */
function passedWithout(
  environment: string,
  record: GitlabDeployment | null,
): string | null {
  if (record === null) {
    return `The pipeline passed, but GitLab has no deployment of it to ${environment}. Give the job that deploys “environment: ${environment}”.`;
  }
  return ['failed', 'canceled', 'skipped'].includes(record.status)
    ? `The pipeline passed, but GitLab reports its deployment to ${environment} as ${record.status}.`
    : null;
}

function messageOf(run: Seen['run']): string {
  if (run.status === 'queued') {
    return run.reason ?? 'The pipeline waits for a runner of GitLab.';
  }
  return run.jobsTotal > 1
    ? `The pipeline is running: ${run.jobsDone} of ${run.jobsTotal} jobs done.`
    : 'The pipeline is running.';
}
