import { z } from 'zod';
import { timestamp } from './base';
import { gateResult } from './gate';

export const DEPLOYMENT_STATES = [
  'requested',
  'blocked',
  'in-progress',
  'verifying',
  'live',
  'superseded',
  'rolled-back',
  'failed',
  'cancelled',
] as const;
export const deploymentState = z.enum(DEPLOYMENT_STATES);
export type DeploymentState = z.infer<typeof deploymentState>;

/** States from which a deployment still moves by itself. */
export const OPEN_STATES: readonly DeploymentState[] = [
  'requested',
  'in-progress',
  'verifying',
];

/**
 * For what of the outside system a deployment waits there, having been started: for a `person` who
 * has to act, or for a `rule` of its own, such as a timer or a check. The `url` leads to where that is.
 */
export const outsideWait = z
  .object({
    kind: z.enum(['person', 'rule']),
    url: z.string().nullable(),
  })
  .meta({ id: 'OutsideWait' });
export type OutsideWait = z.infer<typeof outsideWait>;

/** How far an outside system is with a deployment. `unknown`: the deployment never arrived there. */
export const deployProgress = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('unknown') }),
  z.object({
    phase: z.enum(['in-progress', 'verifying']),
    /** With a run, a new message is a new event of the deployment: steady while nothing changes. */
    message: z.string(),
    /** The run that carries it out, as the pipelines of the same provider name it. */
    runId: z.string().optional(),
    /**
     * Set while the outside system lets it wait, for a person there or for a rule of its own. It is
     * not given up then, however long that takes, and `message` says for whom or what it waits.
     */
    waitsFor: outsideWait.optional(),
  }),
  z.object({
    phase: z.literal('live'),
    message: z.string(),
    at: timestamp,
  }),
  z.object({ phase: z.literal('failed'), message: z.string() }),
]);
export type DeployProgress = z.infer<typeof deployProgress>;

/** What an environment serves now, and how its server is. */
export const environmentState = z.object({
  live: z
    .object({
      version: z.string(),
      digest: z.string().nullable(),
      deploymentId: z.string().nullable(),
    })
    .nullable(),
  status: z.enum(['ready', 'starting', 'failing', 'stopped', 'unknown']),
  message: z.string().nullable(),
  /** Stable across versions. */
  endpoint: z.string().nullable(),
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

/** One attempt to put a version into an environment. */
export const deployment = z
  .object({
    id: z.string(),
    environment: z.string(),
    version: z.string(),
    fromVersion: z.string().nullable(),
    action: deploymentAction,
    automatic: z.boolean(),
    state: deploymentState,
    /** What the state means here, in a sentence. */
    message: z.string(),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    requestedAt: timestamp,
    liveAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    runId: z.string().nullable(),
    /** Only while it is open; the message says for whom or what. */
    waitsFor: outsideWait.nullable().default(null),
    gates: z.array(gateResult),
  })
  .meta({ id: 'Deployment' });
export type Deployment = z.infer<typeof deployment>;

export const deploymentDetail = deployment
  .extend({ events: z.array(deploymentEvent) })
  .meta({ id: 'DeploymentDetail' });
export type DeploymentDetail = z.infer<typeof deploymentDetail>;

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
