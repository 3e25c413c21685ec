import { z } from 'zod';
import { timestamp } from './base';

/** What one server answered over a stretch of time. Only inference requests count. */
export const trafficStats = z
  .object({
    requests: z.int().min(0),
    /** Requests that ended in a 5xx or without an answer. */
    errors: z.int().min(0),
    /** 95th percentile of the durations, in milliseconds; null without requests. */
    p95Ms: z.number().min(0).nullable(),
    /**
     * The 95 % confidence interval of that percentile: few requests say little about it. Null where the
     * provider cannot tell it, and without requests.
     */
    p95RangeMs: z
      .object({ low: z.number().min(0), high: z.number().min(0) })
      .nullable()
      .default(null),
    /** How often each value was predicted; numbers by range. Empty where that is not known. */
    predictions: z.record(z.string(), z.int().min(0)),
  })
  .meta({ id: 'TrafficStats' });
export type TrafficStats = z.infer<typeof trafficStats>;

/** The candidate and the live version over the same stretch of time. */
export const trafficComparison = z
  .object({
    candidate: trafficStats,
    live: trafficStats,
    /**
     * Mirrored requests that both answered with a class, and how many of those they answered
     * alike; null where none was compared.
     */
    agreement: z
      .object({ compared: z.int().min(1), agreed: z.int().min(0) })
      .nullable(),
  })
  .meta({ id: 'TrafficComparison' });
export type TrafficComparison = z.infer<typeof trafficComparison>;

/** `unknown` is not `pass`: the step could not be measured. */
export const stepAnalysis = z
  .object({
    outcome: z.enum(['pass', 'fail', 'unknown']),
    /** The figures and the limits, in a sentence. */
    sentence: z.string(),
    /** Null where the traffic could not be read. */
    traffic: trafficComparison.nullable(),
    at: timestamp,
  })
  .meta({ id: 'StepAnalysis' });
export type StepAnalysis = z.infer<typeof stepAnalysis>;

export const rolloutStep = z
  .object({
    /** Share of the requests that the candidate answers, in percent. */
    weight: z.int().min(0).max(100),
    /** Whether it sees copies of the requests that the live version answers. */
    mirror: z.boolean(),
    /** How long it is observed, in seconds. 0 for the last step, which is not analysed. */
    seconds: z.int().min(0),
    /** Requests that each version must have answered before there is a verdict. */
    minRequests: z.int().min(0),
    /** When the traffic had shifted. */
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    /** The newest analysis of this step. */
    analysis: stepAnalysis.nullable(),
    /** Set where a person continued without a verdict. */
    continuedBy: z.object({ by: z.string(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'RolloutStep' });
export type RolloutStep = z.infer<typeof rolloutStep>;

/** What keeps a client on one version: the value of a header, or the `id` of the request. */
export const stickiness = z.union([
  z.strictObject({
    header: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header'),
  }),
  z.strictObject({ body: z.literal('id') }),
]);
export type Stickiness = z.infer<typeof stickiness>;

/** When a step fails, as the entity declared it at the time of the request. */
export const rolloutLimits = z.object({
  maxErrorRate: z.number(),
  maxP95Ratio: z.number(),
  /** Null where it is shown and not judged. */
  maxMixDistance: z.number().nullable(),
  minAgreement: z.number().nullable(),
});
export type RolloutLimits = z.infer<typeof rolloutLimits>;

/** How an environment's traffic goes from the live version to the new one. */
export const rollout = z
  .object({
    steps: z.array(rolloutStep).min(1),
    /** Index of the step that runs or is next. */
    current: z.int().min(0),
    limits: rolloutLimits,
    sticky: stickiness.nullable(),
    /** Set while it waits for a person: the step could not be judged. */
    paused: z.object({ reason: z.string(), at: timestamp }).nullable(),
  })
  .meta({ id: 'Rollout' });
export type Rollout = z.infer<typeof rollout>;
