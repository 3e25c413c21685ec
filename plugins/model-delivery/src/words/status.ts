import type {
  Approval,
  Deployment,
  DeploymentState,
  EvidenceStatus,
  GateOutcome,
  Health,
  JobStatus,
  MonitorAlert,
  MonitorEvent,
  MonitorState,
  OutsideWait,
  RolloutStep,
  SourceStatus,
  StepAnalysis,
} from '@slipway/plugin-model-delivery-common';

export type StatusShape =
  | 'check'
  | 'triangle'
  | 'octagon'
  | 'half'
  | 'clock'
  | 'person'
  | 'bar'
  | 'question'
  | 'dash'
  | 'stale'
  | 'back'
  | 'slash'
  | 'hollow';

/** Trouble colours its word, the rest only its shape. */
export type StatusTone = 'good' | 'warning' | 'bad' | 'moving' | 'muted';

export interface StatusLook {
  shape: StatusShape;
  tone: StatusTone;
  word: string;
}

const look = (
  shape: StatusShape,
  tone: StatusTone,
  word: string,
): StatusLook => ({ shape, tone, word });

const DEPLOYMENT: Record<DeploymentState, StatusLook> = {
  waiting: look('person', 'warning', 'Waiting'),
  requested: look('clock', 'muted', 'Requested'),
  blocked: look('bar', 'warning', 'Blocked'),
  rejected: look('bar', 'warning', 'Rejected'),
  'in-progress': look('half', 'moving', 'In progress'),
  verifying: look('half', 'moving', 'Verifying'),
  'rolling-out': look('half', 'moving', 'Rolling out'),
  cancelling: look('half', 'warning', 'Cancelling'),
  live: look('check', 'good', 'Live'),
  superseded: look('hollow', 'muted', 'Superseded'),
  'rolled-back': look('back', 'warning', 'Rolled back'),
  failed: look('octagon', 'bad', 'Failed'),
  cancelled: look('slash', 'muted', 'Cancelled'),
};

export const deploymentState = (state: DeploymentState): StatusLook =>
  DEPLOYMENT[state];

const OUTSIDE_WAIT: Record<OutsideWait['kind'], StatusLook> = {
  person: look('person', 'warning', 'Waiting for review'),
  rule: look('clock', 'muted', 'Waiting'),
};

const paused = look('person', 'warning', 'Paused');

/** A person's decision on a deployment that waits. */
export const approvalDecision = ({
  decision,
  lapsed,
}: Approval): StatusLook => {
  if (lapsed) return look('slash', 'muted', 'Lapsed');
  return decision === 'approve'
    ? look('check', 'good', 'Approved')
    : look('bar', 'warning', 'Rejected');
};

/** A deployment as it stands now: one that waits for somebody says so. */
export const deploymentNow = (deployment: Deployment): StatusLook => {
  const { state, waitsFor, rollout } = deployment;
  if (state === 'rolling-out' && rollout?.paused) return paused;
  return waitsFor ? OUTSIDE_WAIT[waitsFor.kind] : DEPLOYMENT[state];
};

const VERDICT: Record<StepAnalysis['outcome'], StatusLook> = {
  pass: look('check', 'good', 'Passed'),
  fail: look('octagon', 'bad', 'Failed'),
  unknown: look('question', 'muted', 'Not judged'),
};

/** A step of a roll-out: what is known of it, or how far it is. */
export const rolloutStep = (
  step: RolloutStep,
  now: { isCurrent: boolean; isPaused: boolean },
): StatusLook => {
  if (now.isCurrent && now.isPaused) return paused;
  if (now.isCurrent) return look('half', 'moving', 'Runs');
  if (step.continuedBy) return look('question', 'warning', 'Continued');
  if (step.analysis) return VERDICT[step.analysis.outcome];
  return step.startedAt
    ? look('check', 'good', 'Done')
    : look('hollow', 'muted', 'Not begun');
};

/** A deployment as an event: what was done, once it was done. */
export function deploymentEvent(deployment: Deployment): StatusLook {
  const done = ['live', 'superseded', 'rolled-back'];
  if (!done.includes(deployment.state)) return DEPLOYMENT[deployment.state];
  switch (deployment.action) {
    case 'rollback':
      return look('back', 'warning', 'Rolled back');
    case 'promote':
      return look('check', 'good', 'Promoted');
    default:
      return look('check', 'good', 'Deployed');
  }
}

const JOB: Record<JobStatus, StatusLook> = {
  queued: look('clock', 'muted', 'Queued'),
  running: look('half', 'moving', 'Running'),
  waiting: look('person', 'warning', 'Waiting for review'),
  passed: look('check', 'good', 'Passed'),
  rejected: look('bar', 'warning', 'Rejected'),
  failed: look('octagon', 'bad', 'Failed'),
  cancelled: look('slash', 'muted', 'Cancelled'),
  interrupted: look('question', 'warning', 'Interrupted'),
  skipped: look('slash', 'muted', 'Skipped'),
};

export const jobStatus = (status: JobStatus): StatusLook => JOB[status];

const HEALTH: Record<Health, StatusLook> = {
  healthy: look('check', 'good', 'Healthy'),
  warning: look('triangle', 'warning', 'Warning'),
  critical: look('octagon', 'bad', 'Critical'),
  unknown: look('question', 'muted', 'Unknown'),
};

export const health = (value: Health): StatusLook => HEALTH[value];

const MONITOR: Record<MonitorState, StatusLook> = {
  ...HEALTH,
  unavailable: look('octagon', 'bad', 'Unavailable'),
  insufficient: look('question', 'muted', 'Insufficient data'),
};

export const monitorState = (state: MonitorState): StatusLook => MONITOR[state];

const ALERT: Record<MonitorAlert['state'] | 'resolved', StatusLook> = {
  firing: look('octagon', 'bad', 'Alert fires'),
  pending: look('clock', 'muted', 'Alert pending'),
  silenced: look('slash', 'muted', 'Alert silenced'),
  resolved: look('check', 'good', 'Alert resolved'),
};

export const alertState = (state: keyof typeof ALERT): StatusLook =>
  ALERT[state];

/** A change of a monitor or of an alert on it, as an event. */
export function monitorEvent({ kind, to }: MonitorEvent): StatusLook {
  const looks: Record<string, StatusLook> = kind === 'alert' ? ALERT : MONITOR;
  return looks[to] ?? look('question', 'muted', to);
}

const GATE: Record<GateOutcome, StatusLook> = {
  pass: look('check', 'good', 'Pass'),
  fail: look('octagon', 'bad', 'Fail'),
  unknown: look('question', 'warning', 'Unknown'),
  'needs-approval': look('person', 'warning', 'Needs approval'),
};

export const gateOutcome = (outcome: GateOutcome): StatusLook => GATE[outcome];

const EVIDENCE: Record<EvidenceStatus, StatusLook> = {
  pass: look('check', 'good', 'Pass'),
  fail: look('octagon', 'bad', 'Fail'),
  error: look('octagon', 'bad', 'Failed'),
  skipped: look('slash', 'muted', 'Skipped'),
  unknown: look('question', 'muted', 'Unknown'),
};

export const evidenceStatus = (status: EvidenceStatus): StatusLook =>
  EVIDENCE[status];

const SOURCE: Record<SourceStatus['status'], StatusLook> = {
  ok: look('check', 'good', 'Fresh'),
  partial: look('triangle', 'warning', 'Partial'),
  stale: look('stale', 'warning', 'Stale'),
  failed: look('octagon', 'bad', 'Failed'),
  'not-configured': look('dash', 'muted', 'Not configured'),
};

export const sourceStatus = (status: SourceStatus['status']): StatusLook =>
  SOURCE[status];

export const notConfigured = look('dash', 'muted', 'Not configured');
