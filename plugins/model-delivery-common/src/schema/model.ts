import { z } from 'zod';
import { timestamp } from './base';
import { batchState } from './batch';
import { deployment, environmentState } from './deployment';
import { gateReport } from './gate';
import { monitor } from './monitor';
import { run } from './run';
import { environmentSpec } from './spec';

/** How fresh what one provider told is. */
export const sourceStatus = z
  .object({
    /** `<capability>:<provider>`, such as `pipelines:local`. */
    id: z.string(),
    provider: z.string(),
    title: z.string(),
    capability: z.enum(['pipelines', 'versions', 'deployments', 'monitors']),
    /** `partial`: it was read but for something, which the error names. */
    status: z.enum(['ok', 'partial', 'stale', 'failed', 'not-configured']),
    fetchedAt: timestamp.nullable(),
    error: z
      .object({ kind: z.string(), message: z.string(), at: timestamp })
      .nullable(),
  })
  .meta({ id: 'SourceStatus' });
export type SourceStatus = z.infer<typeof sourceStatus>;

export const health = z.enum(['healthy', 'warning', 'critical', 'unknown']);
export type Health = z.infer<typeof health>;

export const liveVersion = z
  .object({
    version: z.string(),
    since: timestamp,
    by: z.string(),
    automatic: z.boolean(),
    deploymentId: z.string(),
    commit: z.string().nullable(),
    digest: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'LiveVersion' });
export type LiveVersion = z.infer<typeof liveVersion>;

export const environmentSummary = z
  .object({
    name: z.string(),
    live: liveVersion.nullable(),
    /** The version that could come next here, if there is one. */
    candidate: z.string().nullable(),
    openDeployment: deployment.nullable(),
    health,
  })
  .meta({ id: 'EnvironmentSummary' });
export type EnvironmentSummary = z.infer<typeof environmentSummary>;

export const monitorCounts = z.object({
  total: z.int(),
  healthy: z.int(),
  warning: z.int(),
  critical: z.int(),
  unavailable: z.int().default(0),
  insufficient: z.int(),
  unknown: z.int(),
  /** Alerts that fire, and those that are silenced. */
  firing: z.int().default(0),
  silenced: z.int().default(0),
  /** The name of the worst one, for a second line. */
  worst: z.string().nullable(),
});
export type MonitorCounts = z.infer<typeof monitorCounts>;

export const ATTENTION = [
  'unhealthy',
  'blocked',
  'drifting',
  'stale',
  'unowned',
] as const;
export const attention = z.enum(ATTENTION);
export type Attention = z.infer<typeof attention>;

/** One row of the fleet. */
export const modelSummary = z
  .object({
    entityRef: z.string(),
    kind: z.string(),
    namespace: z.string(),
    name: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    owner: z.string().nullable(),
    system: z.string().nullable(),
    type: z.string(),
    framework: z.string().nullable(),
    lifecycle: z.string().nullable(),
    tags: z.array(z.string()),
    environments: z.array(environmentSummary),
    latestVersion: z
      .object({
        version: z.string(),
        status: z.enum(['registered', 'rejected']),
        createdAt: timestamp,
        reasons: z.array(z.string()),
      })
      .nullable(),
    latestRun: run.nullable(),
    lastDelivery: deployment.nullable(),
    monitorCounts,
    attention: z.array(attention),
    sources: z.array(sourceStatus),
    updatedAt: timestamp,
  })
  .meta({ id: 'ModelSummary' });
export type ModelSummary = z.infer<typeof modelSummary>;

/** Why automatic delivery to an environment waits until a person lifts the hold. */
export const environmentHold = z
  .object({
    /** The version that was rolled back, where one was live. */
    version: z.string().nullable(),
    /** Entity ref of the person who rolled back. */
    by: z.string(),
    reason: z.string(),
    since: timestamp,
  })
  .meta({ id: 'EnvironmentHold' });
export type EnvironmentHold = z.infer<typeof environmentHold>;

/** An environment that serves something else than the history says. */
export const changedOutside = z
  .object({
    /** What is served. */
    version: z.string(),
    digest: z.string().nullable(),
    /** As the outside system names the actor; null where it cannot tell. */
    by: z.string().nullable(),
    sentence: z.string(),
  })
  .meta({ id: 'ChangedOutside' });
export type ChangedOutside = z.infer<typeof changedOutside>;

/** One environment as the Delivery tab shows it. */
export const environmentDetail = environmentSummary
  .extend({
    spec: environmentSpec,
    previous: z
      .object({ version: z.string(), from: timestamp, to: timestamp })
      .nullable(),
    /** Where its server answers; stable across versions. */
    endpoint: z.string().nullable(),
    serving: environmentState.pick({ status: true, message: true }).nullable(),
    /** Set where the live version runs as a batch job. */
    batch: batchState.nullable().default(null),
    /** Would the candidate ship, and if not why. */
    candidateGates: gateReport.nullable(),
    /** The deployment that waits for approvals or a time, if there is one. */
    waitingDeployment: deployment.nullable().default(null),
    /** Set while automatic delivery waits after a roll back. */
    hold: environmentHold.nullable().default(null),
    changedOutside: changedOutside.nullable().default(null),
    monitors: z.array(monitor),
  })
  .meta({ id: 'EnvironmentDetail' });
export type EnvironmentDetail = z.infer<typeof environmentDetail>;

/** Where people find the code. */
export const repository = z.object({
  cloneUrl: z.string().nullable(),
  url: z.string().nullable(),
  /** What lies between two commits, which replace `{from}` and `{to}`. */
  compareUrl: z.string().nullable().default(null),
});
export type Repository = z.infer<typeof repository>;

/** Everything that the top of a model's page needs, in one answer. */
export const modelDetail = modelSummary
  .extend({
    environments: z.array(environmentDetail),
    monitors: z.array(monitor),
    primaryMetric: z.string().nullable(),
    repository: repository.nullable(),
    /** Opaque; equals `changed` of the signal that says this model changed. */
    /** Why the entity is invalid now, where the model is shown as last valid. */
    problem: z.string().nullable().default(null),
    changeKey: z.string(),
  })
  .meta({ id: 'ModelDetail' });
export type ModelDetail = z.infer<typeof modelDetail>;
