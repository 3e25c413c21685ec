import type {
  CancellationEnd,
  DeploymentEffect,
  DeploymentEntry,
  MachineDeployment,
} from '@slipway/plugin-model-delivery-common';
import {
  type Deployment,
  type DeploymentState,
  type EffectProblem,
  type CommitAuthors,
  type GateResult,
  type GateWait,
  type OutsideWait,
  type ProviderTarget,
  providerTarget,
  type Rollout,
  type TransferProgress,
} from '@slipway/plugin-model-delivery-common/schema';
import type { LeasedRow } from './Leases';

export type DeploymentRow = LeasedRow & {
  id: string;
  entity_ref: string;
  environment: string;
  version: string;
  from_version: string | null;
  action: Deployment['action'];
  automatic: number;
  overridden: number;
  state: DeploymentState;
  ends_as: CancellationEnd | null;
  message: string;
  reason: string | null;
  requested_by: string;
  requested_at: string;
  request_key: string;
  fingerprint: string | null;
  dispatched_at: string | null;
  live_at: string | null;
  finished_at: string | null;
  moved_at: string;
  build_run_id: string | null;
  deploy_run_id: string | null;
  gates: string;
  provider: string;
  target: string;
  target_key: string;
  waits_for: string | null;
  transfer: string | null;
  problem: string | null;
  rollout: string | null;
  open_key: string | null;
  open_target: string | null;
  waits: string | null;
  waiting_key: string | null;
  waiting_target: string | null;
  digest: string | null;
  gate_hash: string | null;
  expires_at: string | null;
  authors: string | null;
  revision: number;
  due_at: string | null;
};

/** Who wrote the commits between two, as far as it is known. */
export type KnownAuthors = CommitAuthors & {
  /** The commits between which they were asked for. */
  from: string | null;
  to: string | null;
  /** E-mail addresses, in lower case; null where they are unknown. */
  emails: string[] | null;
};

/** A deployment, the model it belongs to, and what only its execution needs. */
export type StoredDeployment = Deployment & {
  entityRef: string;
  endsAs: CancellationEnd | null;
  fingerprint: string | null;
  /** When an attempt to send the order to the provider first began. */
  dispatchedAt: string | null;
  /** When its state, message or transfer last changed. */
  movedAt: string;
  /** As the entity declared it at the time of the request. */
  target: ProviderTarget;
  targetKey: string;
  /** What is to be approved, while it waits. */
  digest: string | null;
  gateHash: string | null;
  expiresAt: string | null;
  authors: KnownAuthors | null;
  revision: number;
};

/** A deployment under a lease. */
export type HeldDeployment = StoredDeployment & { leaseToken: string };

/** What a deployment waits for. */
export interface Hold {
  waits: GateWait[];
  digest: string | null;
  gateHash: string;
  /** When it is cancelled unless it was approved; null where it asks nobody. */
  expiresAt: string | null;
  /** Entity refs of those who are asked. */
  reviewers: string[];
}

/** A deployment as it is requested. */
export type NewDeployment = Pick<
  StoredDeployment,
  | 'id'
  | 'entityRef'
  | 'environment'
  | 'version'
  | 'fromVersion'
  | 'action'
  | 'automatic'
  | 'overridden'
  | 'message'
  | 'reason'
  | 'requestedBy'
  | 'buildRunId'
  | 'gates'
  | 'rollout'
  | 'fingerprint'
  | 'target'
  | 'targetKey'
> & {
  /** Whether automatic delivery to the environment is on hold from then on. */
  holds: boolean;
  entry: DeploymentEntry;
  /** Set for one that is held. */
  hold: Hold | null;
  /** A second request with the same key creates nothing. */
  requestKey: string;
  /** The run that asked for it and carries it out, where one did. */
  questionId: string | null;
  /** A request that waits and ends with this one; null where none does. */
  replaces: string | null;
  /** Set for one that is served already: it is live at once, with this digest, and nothing is dispatched. */
  served: { digest: string | null } | null;
};

/** An effect that is still to happen. */
export interface PendingEffect {
  id: number;
  effect: DeploymentEffect;
  /** The state that caused it. */
  state: DeploymentState;
  dueAt: string;
  attempts: number;
  error: string | null;
}

const json = <T>(text: string | null): T | null =>
  text === null ? null : (JSON.parse(text) as T);

export const fromRow = (row: DeploymentRow): StoredDeployment => ({
  id: row.id,
  entityRef: row.entity_ref,
  environment: row.environment,
  version: row.version,
  fromVersion: row.from_version,
  action: row.action,
  automatic: Boolean(row.automatic),
  overridden: Boolean(row.overridden),
  state: row.state,
  endsAs: row.ends_as,
  message: row.message,
  reason: row.reason,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at,
  fingerprint: row.fingerprint,
  dispatchedAt: row.dispatched_at,
  liveAt: row.live_at,
  finishedAt: row.finished_at,
  movedAt: row.moved_at,
  buildRunId: row.build_run_id,
  deployRunId: row.deploy_run_id,
  waitsFor: json<OutsideWait>(row.waits_for),
  transfer: json<TransferProgress>(row.transfer),
  problem: json<EffectProblem>(row.problem),
  rollout: json<Rollout>(row.rollout),
  gates: JSON.parse(row.gates) as GateResult[],
  target: providerTarget.parse(JSON.parse(row.target)),
  targetKey: row.target_key,
  waits: json<GateWait[]>(row.waits) ?? [],
  digest: row.digest,
  gateHash: row.gate_hash,
  expiresAt: row.expires_at,
  authors: json<KnownAuthors>(row.authors),
  revision: Number(row.revision),
});

/** The facts that the state machine decides by. */
export const machineOf = (deployment: StoredDeployment): MachineDeployment => ({
  state: deployment.state,
  endsAs: deployment.endsAs,
  dispatched: deployment.dispatchedAt !== null,
});

/** Unique while a deployment is open, or a version is live: one per model and environment. */
export const environmentKey = (d: {
  entityRef: string;
  environment: string;
}): string => `${d.entityRef}|${d.environment}`;

/** As the API shows it, without what only its execution needs. */
export function shownDeployment(stored: StoredDeployment): Deployment {
  const {
    entityRef,
    endsAs,
    fingerprint,
    dispatchedAt,
    movedAt,
    target,
    targetKey,
    digest,
    gateHash,
    expiresAt,
    authors,
    revision,
    ...shown
  } = stored;
  return shown;
}
