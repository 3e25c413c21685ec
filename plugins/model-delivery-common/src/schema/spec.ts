import { z } from 'zod';
import { duration, environmentName, providerTarget } from './base';
import { batchJob } from './batch';
import { freezeWindow } from './freeze';
import { gateRule } from './gate';
import { stickiness } from './rollout';

export const entityRef = z
  .string()
  .min(1)
  .max(255)
  .regex(
    /^([a-zA-Z]+:)?([-\w.]+\/)?[-\w.]+$/,
    'must be an entity reference such as group:default/ml-platform',
  );

export const SIGNALS = [
  'availability',
  'latency',
  'errors',
  'drift',
  'predictions',
  'quality',
  'freshness',
  'rows-in',
  'rows-out',
] as const;
export const signal = z.enum(SIGNALS);
export type Signal = z.infer<typeof signal>;

export const threshold = z
  .union([
    z.strictObject({ above: z.number() }),
    z.strictObject({ below: z.number() }),
  ])
  .meta({ id: 'Threshold' });
export type Threshold = z.infer<typeof threshold>;

const rises = (weights: number[]) =>
  weights.every((weight, index) => index === 0 || weight > weights[index - 1]);

/** How a version takes over the traffic of an environment in which another one is live. */
export const rolloutStrategy = z
  .strictObject({
    /** Percent of the requests that the candidate answers, step by step. */
    canary: z
      .array(z.int().min(1).max(99))
      .max(20)
      .refine(rises, 'must rise from step to step, such as [10, 50]')
      .default([]),
    /** How long each step is observed before it is judged. */
    interval: duration.default('10m'),
    /** Requests that each version must have answered before there is a verdict. */
    minRequests: z.int().min(1).default(100),
    /** By how much the candidate's share of failed requests may exceed the live version's. */
    maxErrorRate: z.number().min(0).max(1).default(0.01),
    /** The candidate's p95 latency may be this many times the live version's. */
    maxP95Ratio: z.number().positive().default(1.5),
    /**
     * Share of the predictions that may differ in kind between the two (total variation distance).
     * Left out, the mix is shown and not judged: a better model predicts differently.
     */
    maxMixDistance: z.number().positive().max(1).optional(),
    sticky: stickiness.optional(),
    /** Before the canary: the candidate sees copies of the requests, and no user sees its answers. */
    shadow: z
      .strictObject({
        duration: duration.default('10m'),
        minRequests: z.int().min(1).default(100),
        /** Share of the copies that must be predicted alike. Left out, it is shown and not judged. */
        minAgreement: z.number().min(0).max(1).optional(),
      })
      .optional(),
  })
  .refine(
    ({ canary, shadow }) => canary.length > 0 || shadow !== undefined,
    'must have canary weights, such as [10, 50], or a shadow step',
  )
  .meta({ id: 'RolloutStrategy' });
export type RolloutStrategy = z.infer<typeof rolloutStrategy>;

/** Where the versions of an environment run: as servers, or as a scheduled job where `batch` is given. */
export const deploymentTarget = providerTarget
  .extend({ batch: batchJob.optional() })
  .meta({ id: 'DeploymentTarget' });
export type DeploymentTarget = z.infer<typeof deploymentTarget>;

export const environmentSpec = z
  .strictObject({
    name: environmentName,
    deploy: z.enum(['automatic', 'manual']).default('manual'),
    after: environmentName.optional(),
    /** How long a version is live in the environment before, until it may enter this one. */
    soak: duration.optional(),
    freeze: z.array(freezeWindow).max(50).optional(),
    approvals: z
      .strictObject({
        required: z.int().min(1),
        /** Groups, or persons, who are asked. */
        from: z.array(entityRef).min(1).max(20),
        /** Whether the person who alone wrote the commits since the live version is not counted. */
        notByAuthors: z.boolean().optional(),
        /** How long a request waits for its approvals; 7d where nothing is said. */
        expiresAfter: duration.optional(),
      })
      .optional(),
    strategy: rolloutStrategy.optional(),
    /** Goes back by itself when a critical monitor breaks this soon after a version went live. */
    automaticRollback: z
      .strictObject({ bakeTime: duration.default('30m') })
      .optional(),
    target: deploymentTarget,
    gates: z.array(gateRule).default([]),
  })
  .meta({ id: 'EnvironmentSpec' });
export type EnvironmentSpec = z.infer<typeof environmentSpec>;

export const QUALITY_METRICS = ['accuracy', 'f1', 'mae'] as const;
export type QualityMetric = (typeof QUALITY_METRICS)[number];

/** What a quality monitor works out of labels that came back for predictions. */
export const qualitySpec = z
  .strictObject({
    /** `f1` is the mean of the F1 scores of all classes; `mae` is in the unit of the label. */
    metric: z.enum(QUALITY_METRICS),
    /** How far back labels count, by the time at which they came in. */
    window: duration.default('24h'),
    /** With fewer labels there is no verdict. */
    minLabels: z.int().min(2).max(2_000).default(50),
  })
  .meta({ id: 'QualitySpec' });
export type QualitySpec = z.infer<typeof qualitySpec>;

export const monitorSpec = z
  .strictObject({
    name: environmentName,
    signal,
    environment: environmentName,
    source: providerTarget,
    /** Of a source that keeps labels; other sources measure quality themselves. */
    quality: qualitySpec.optional(),
    warning: threshold.optional(),
    critical: threshold.optional(),
  })
  .meta({ id: 'MonitorSpec' });
export type MonitorSpec = z.infer<typeof monitorSpec>;

/** `count` of the newest `of` samples of a monitor are at least as bad as `is`. */
export const feedbackCondition = z
  .strictObject({
    monitor: environmentName,
    is: z.enum(['warning', 'critical']),
    count: z.int().min(1).max(100),
    of: z.int().min(1).max(100),
  })
  .meta({ id: 'FeedbackCondition' });
export type FeedbackCondition = z.infer<typeof feedbackCondition>;

export const FEEDBACK_ACTIONS = ['retrain', 'rollback', 'notify'] as const;
export type FeedbackAction = (typeof FEEDBACK_ACTIONS)[number];

export const feedbackRule = z
  .strictObject({
    when: feedbackCondition,
    then: z.enum(FEEDBACK_ACTIONS),
    /** How long after it acted the rule acts again; 1h where nothing is said. */
    cooldown: duration.optional(),
    /** Whether its incidents only say what would have been done. */
    dryRun: z.boolean().optional(),
  })
  .meta({ id: 'FeedbackRule' });
export type FeedbackRule = z.infer<typeof feedbackRule>;

/** The delivery half of a model's spec: what an annotation cannot say. */
export const deliverySpec = z.object({
  pipelines: z.array(providerTarget).max(10).default([]),
  versions: providerTarget.optional(),
  environments: z.array(environmentSpec).max(20).default([]),
  monitors: z.array(monitorSpec).max(100).default([]),
  feedback: z.array(feedbackRule).max(50).default([]),
});
export type DeliverySpec = z.infer<typeof deliverySpec>;

/** Names are unique, and what refers to one refers to one that is declared. */
function assertCoherent(
  spec: Pick<DeliverySpec, 'environments' | 'monitors' | 'feedback'>,
  ctx: z.RefinementCtx,
): void {
  const names = spec.environments.map(e => e.name);
  spec.environments.forEach((environment, index) => {
    if (names.indexOf(environment.name) !== index) {
      ctx.addIssue({
        code: 'custom',
        path: ['environments', index, 'name'],
        message: `is used twice; give each environment a name of its own`,
        input: environment.name,
      });
    }
    if (environment.soak !== undefined && environment.after === undefined) {
      ctx.addIssue({
        code: 'custom',
        path: ['environments', index, 'soak'],
        message:
          'needs "after": a version soaks in the environment before this one',
        input: environment.soak,
      });
    }
    if (environment.after !== undefined) {
      const before = names.indexOf(environment.after);
      if (before < 0 || before >= index) {
        ctx.addIssue({
          code: 'custom',
          path: ['environments', index, 'after'],
          message: `must name an environment declared above this one${
            index > 0 ? ` (${names.slice(0, index).join(', ')})` : ''
          }`,
          input: environment.after,
        });
      }
    }
  });
  const monitors = spec.monitors.map(m => m.name);
  spec.monitors.forEach((monitor, index) => {
    if (monitors.indexOf(monitor.name) !== index) {
      ctx.addIssue({
        code: 'custom',
        path: ['monitors', index, 'name'],
        message: 'is used twice; give each monitor a name of its own',
        input: monitor.name,
      });
    }
    if (!names.includes(monitor.environment)) {
      ctx.addIssue({
        code: 'custom',
        path: ['monitors', index, 'environment'],
        message: `must name a declared environment (${
          names.join(', ') || 'none is declared'
        })`,
        input: monitor.environment,
      });
    }
    if (monitor.quality !== undefined && monitor.signal !== 'quality') {
      ctx.addIssue({
        code: 'custom',
        path: ['monitors', index, 'quality'],
        message: 'needs "signal: quality"',
        input: monitor.quality,
      });
    }
  });
  const rules = spec.feedback.map(({ when, then }) =>
    JSON.stringify([when.monitor, when.is, then]),
  );
  spec.feedback.forEach((rule, index) => {
    if (rules.indexOf(rules[index]) !== index) {
      ctx.addIssue({
        code: 'custom',
        path: ['feedback', index],
        message:
          'repeats the monitor, the state and the action of a rule above; keep one of them',
        input: rule,
      });
    }
    if (!monitors.includes(rule.when.monitor)) {
      ctx.addIssue({
        code: 'custom',
        path: ['feedback', index, 'when', 'monitor'],
        message: `must name a declared monitor (${
          monitors.join(', ') || 'none is declared'
        })`,
        input: rule.when.monitor,
      });
    }
    if (rule.when.count > rule.when.of) {
      ctx.addIssue({
        code: 'custom',
        path: ['feedback', index, 'when', 'count'],
        message: `must be at most "of" (${rule.when.of})`,
        input: rule.when.count,
      });
    }
  });
}

/** What an annotated Component or Resource gets from app-config. */
export const deliveryDefaults = deliverySpec
  .pick({ environments: true, monitors: true })
  .superRefine((defaults, ctx) =>
    assertCoherent({ ...defaults, feedback: [] }, ctx),
  );

/** `spec` of an `MLModel` entity, as written by people. */
export const modelEntitySpec = z
  .strictObject({
    type: z.string().min(1).max(100),
    framework: z.string().min(1).max(100).optional(),
    lifecycle: z.string().min(1).max(100),
    owner: entityRef,
    system: entityRef.optional(),
    trainedOn: z.array(entityRef).max(100).optional(),
    dependsOn: z.array(entityRef).max(100).optional(),
    providesApis: z.array(entityRef).max(100).optional(),
    ...deliverySpec.shape,
  })
  .superRefine(assertCoherent);
export type ModelEntitySpec = z.infer<typeof modelEntitySpec>;

/**
 * What every part of Slipway knows of a model, whatever kind of entity said it. References are
 * full, lower-case entity refs.
 */
export const modelSpec = z.object({
  entityRef: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  tags: z.array(z.string()),
  owner: z.string().nullable(),
  system: z.string().nullable(),
  type: z.string(),
  framework: z.string().nullable(),
  lifecycle: z.string().nullable(),
  trainedOn: z.array(z.string()),
  providesApis: z.array(z.string()),
  /** Of the entity: some say where its code is, such as `github.com/project-slug`. */
  annotations: z.record(z.string(), z.string()).default({}),
  ...deliverySpec.shape,
});
export type ModelSpec = z.infer<typeof modelSpec>;
