import { z } from 'zod';
import {
  DEPLOYMENT_EFFECTS,
  DEPLOYMENT_STATES,
} from '../delivery/stateMachine';
import { timestamp } from './base';
import { approvalRequest } from './approval';
import { batchState } from './batch';
import { gateResult, gateWait } from './gate';
import { rollout } from './rollout';

export type {
  DeploymentEffect,
  DeploymentState,
} from '../delivery/stateMachine';

export const deploymentState = z.enum(DEPLOYMENT_STATES);

/**
 * What a deployment waits for in the outside system: a `person` who has to act, or a `rule`, such as
 * a timer or a check. The `url` leads to the place where it waits.
 */
export const outsideWait = z
  .object({
    kind: z.enum(['person', 'rule']),
    url: z.string().nullable(),
  })
  .meta({ id: 'OutsideWait' });
export type OutsideWait = z.infer<typeof outsideWait>;

/** How much of a transfer is done, in bytes; `total` is null while it is not known. */
export const transferProgress = z
  .object({
    doneBytes: z.int().min(0),
    totalBytes: z.int().min(0).nullable(),
  })
  .meta({ id: 'TransferProgress' });
export type TransferProgress = z.infer<typeof transferProgress>;

/** How far an outside system is with a deployment. `unknown`: it does not know the deployment. */
export const deployProgress = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('unknown') }),
  z.object({
    phase: z.enum(['in-progress', 'verifying']),
    /** With a run, each new message becomes an event, so it must not change while nothing does. */
    message: z.string(),
    /** The run that carries it out, as the pipelines of the same provider name it. */
    runId: z.string().optional(),
    /**
     * Set while the deployment waits in the outside system, for a person or for a rule. It does not
     * time out then, and `message` says what it waits for.
     */
    waitsFor: outsideWait.optional(),
    /** Set while the bundle is fetched. An advance counts as progress and is no event. */
    transfer: transferProgress.optional(),
  }),
  z.object({
    /** The candidate is ready, and the traffic is split until `setTraffic` asks for 100 %. */
    phase: z.literal('rolling-out'),
    message: z.string(),
    /** As it is now, in percent. */
    weight: z.number().min(0).max(100),
  }),
  z.object({
    phase: z.literal('live'),
    message: z.string(),
    at: timestamp,
    /** The digest that is served, where the outside system can tell. */
    digest: z.string().nullish(),
  }),
  z.object({ phase: z.literal('failed'), message: z.string() }),
]);
export type DeployProgress = z.infer<typeof deployProgress>;

/** Which version is live in an environment now, and how its server or batch job is. */
export const environmentState = z.object({
  live: z
    .object({
      version: z.string(),
      digest: z.string().nullable(),
      /** As Slipway named it; null for a deployment that it did not begin. */
      deploymentId: z.string().nullable(),
      /** Who deployed it, where the outside system can tell. */
      by: z.string().nullish(),
    })
    .nullable(),
  status: z.enum(['ready', 'starting', 'failing', 'stopped', 'unknown']),
  message: z.string().nullable(),
  /** Stable across versions; null for a batch job, which has none. */
  endpoint: z.string().nullable(),
  /** Set where the live version runs as a batch job. */
  batch: batchState.nullish(),
});
export type EnvironmentState = z.infer<typeof environmentState>;

export const deploymentEvent = z
  .object({
    at: timestamp,
    state: deploymentState,
    /** Entity ref of a person, or `system`. */
    by: z.string(),
    message: z.string(),
  })
  .meta({ id: 'DeploymentEvent' });
export type DeploymentEvent = z.infer<typeof deploymentEvent>;

export const deploymentAction = z.enum(['deploy', 'promote', 'rollback']);
export type DeploymentAction = z.infer<typeof deploymentAction>;

/** An effect of a deployment that keeps failing. Slipway retries it. */
export const effectProblem = z
  .object({
    effect: z.enum(DEPLOYMENT_EFFECTS),
    message: z.string(),
    attempts: z.int().min(1),
    nextTryAt: timestamp,
  })
  .meta({ id: 'EffectProblem' });
export type EffectProblem = z.infer<typeof effectProblem>;

/** One attempt to put a version into an environment. */
export const deployment = z
  .object({
    id: z.string(),
    environment: z.string(),
    version: z.string(),
    fromVersion: z.string().nullable(),
    action: deploymentAction,
    automatic: z.boolean(),
    /** Whether a person requested it although its gates did not pass. */
    overridden: z.boolean().default(false),
    state: deploymentState,
    /** What the state means here, in a sentence. */
    message: z.string(),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    requestedAt: timestamp,
    liveAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    /** The run that built the version. */
    buildRunId: z.string().nullable(),
    /** The run that carries the deployment out, where the provider has runs. */
    deployRunId: z.string().nullable(),
    /** Only while it is open; the message says what it waits for. */
    waitsFor: outsideWait.nullable().default(null),
    /** Only while the bundle is fetched. */
    transfer: transferProgress.nullable().default(null),
    /** An effect that keeps failing, with its error and next try. */
    problem: effectProblem.nullable().default(null),
    /** The steps in which the traffic shifts; null where it shifts at once. */
    rollout: rollout.nullable().default(null),
    gates: z.array(gateResult),
    /** What holds it back; only while it is `waiting`. */
    waits: z.array(gateWait).default([]),
  })
  .meta({ id: 'Deployment' });
export type Deployment = z.infer<typeof deployment>;

export const deploymentDetail = deployment
  .extend({
    events: z.array(deploymentEvent),
    /** Set where it waits or waited for approvals. */
    approval: approvalRequest.nullable().default(null),
  })
  .meta({ id: 'DeploymentDetail' });
export type DeploymentDetail = z.infer<typeof deploymentDetail>;

/** A deployment that waits for an approval of the caller, and the model that it belongs to. */
export const waitingForMe = z
  .object({
    model: z.object({
      entityRef: z.string(),
      kind: z.string(),
      namespace: z.string(),
      name: z.string(),
      title: z.string(),
    }),
    deployment,
    expiresAt: timestamp.nullable(),
  })
  .meta({ id: 'WaitingForMe' });
export type WaitingForMe = z.infer<typeof waitingForMe>;

/** A stretch of time in which a version was live in an environment. */
export const liveInterval = z
  .object({
    environment: z.string(),
    version: z.string(),
    from: timestamp,
    to: timestamp.nullable(),
    by: z.string(),
    deploymentId: z.string(),
    reason: z.string().nullable(),
    /** How it ended: replaced by a newer one, or undone. */
    endedBy: z.enum(['superseded', 'rolled-back']).nullable(),
    /** Whether a roll back may go to this version, and if not why. */
    rollback: z.object({ offered: z.boolean(), reason: z.string().nullable() }),
  })
  .meta({ id: 'LiveInterval' });
export type LiveInterval = z.infer<typeof liveInterval>;
