import { z } from 'zod';
import { duration, timestamp } from './base';

export const TEST_SUITES = [
  'unit',
  'integration',
  'behaviour',
  'performance',
] as const;
export const testSuite = z.enum(TEST_SUITES);
export type TestSuite = z.infer<typeof testSuite>;

const metricName = z.string().min(1).max(100);

/** Of a limit that every slice of the evaluation has to keep. */
const slice = {
  metric: metricName,
  /** A slice with fewer rows proves nothing, so the gate is unknown. */
  minRows: z.int().min(1).optional(),
};

/** A gate as the entity declares it. */
export const gateRule = z
  .union([
    z.strictObject({ metric: metricName, min: z.number() }),
    z.strictObject({ metric: metricName, max: z.number() }),
    z.strictObject({
      metric: metricName,
      noWorseThanLiveBy: z.number().min(0),
    }),
    z.strictObject({ tests: z.array(testSuite).min(1) }),
    z.strictObject({ modelCard: z.literal('required') }),
    z.strictObject({ dataValidation: z.literal('required') }),
    z.strictObject({
      slices: z.union([
        z.strictObject({ ...slice, min: z.number() }),
        z.strictObject({ ...slice, max: z.number() }),
      ]),
    }),
    z.strictObject({
      performance: z.union([
        z.strictObject({ p95RatioToLive: z.number().positive() }),
        z.strictObject({ throughputRatioToLive: z.number().positive() }),
      ]),
    }),
    z.strictObject({ provenance: z.literal('required') }),
    z.strictObject({ maxAge: duration }),
    z.strictObject({ signature: z.literal('compatible') }),
  ])
  .meta({ id: 'GateRule' });
export type GateRule = z.infer<typeof gateRule>;

/**
 * `needs-approval` means that the evidence is valid and inconclusive: its interval straddles the
 * limit, so a person decides.
 */
export const gateOutcome = z.enum([
  'pass',
  'fail',
  'unknown',
  'needs-approval',
]);
export type GateOutcome = z.infer<typeof gateOutcome>;

/** One gate, evaluated for one version, with the reason in a sentence. */
export const gateResult = z
  .object({
    id: z.string(),
    title: z.string(),
    outcome: gateOutcome,
    reason: z.string(),
    /** The observed value alone, such as `0.833`; null where nothing was observed. */
    observed: z.string().nullable().default(null),
    /** When the observed value was measured or recorded. */
    observedAt: timestamp.nullable().default(null),
    /** Where the observed value comes from, such as `evaluation report` or `registry mlflow`. */
    source: z.string().nullable().default(null),
    runId: z.string().nullable(),
    /** What a person can do about an outcome that is not a pass. */
    remedy: z.enum(['reevaluate', 'rerun', 'none']),
  })
  .meta({ id: 'GateResult' });
export type GateResult = z.infer<typeof gateResult>;

/**
 * What holds a version back although no gate is against it. It is not a gate: it ends by itself or by
 * a person's approval, and changes no outcome.
 */
export const gateWait = z
  .object({
    kind: z.enum(['approvals', 'soak', 'freeze']),
    /** What it waits for, in a sentence. */
    message: z.string(),
    /** When it ends by itself; null where it does not, or nobody can tell. */
    until: timestamp.nullable(),
  })
  .meta({ id: 'GateWait' });
export type GateWait = z.infer<typeof gateWait>;

/** The gates of one environment, evaluated for one version. */
export const gateReport = z
  .object({
    environment: z.string(),
    version: z.string(),
    liveVersion: z.string().nullable(),
    outcome: gateOutcome,
    /** The whole report in one sentence. */
    summary: z.string(),
    gates: z.array(gateResult),
    /** By the time when they end, those without a time last; empty where nothing holds it back. */
    waits: z.array(gateWait).default([]),
    evaluatedAt: timestamp,
  })
  .meta({ id: 'GateReport' });
export type GateReport = z.infer<typeof gateReport>;
