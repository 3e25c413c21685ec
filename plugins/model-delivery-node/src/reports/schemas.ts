import { z } from 'zod';
import {
  envelope,
  interval,
  nullable,
  num,
  reportedGate,
  text,
} from './envelope';

const metricName = z.string().min(1).max(100);

export const metricsReport = envelope.extend({
  metrics: z
    .array(
      z.looseObject({
        name: metricName,
        value: num,
        unit: text,
        direction: z.enum(['max', 'min']),
        ci: interval,
        n: nullable(z.int()),
        split: text,
      }),
    )
    .max(200),
});

export const evaluationReport = envelope.extend({
  holdout: z.looseObject({ digest: text, rows: nullable(z.int()) }).nullish(),
  baseline: z.looseObject({
    kind: z.enum(['champion', 'trivial', 'none']),
    version: text,
    digest: text,
    reason: text,
  }),
  overall: z
    .array(
      z.looseObject({
        metric: metricName,
        candidate: num,
        baseline: num,
        delta: num,
        pairedCi: interval,
      }),
    )
    .max(200),
  slices: z
    .array(
      z.looseObject({
        name: z.string().max(300),
        where: z.union([
          z.string().max(500),
          z.record(
            z.string(),
            z.union([z.string(), z.number(), z.boolean(), z.null()]),
          ),
        ]),
        n: z.int(),
        metric: metricName,
        candidate: num,
        baseline: num,
        delta: num,
        pass: nullable(z.boolean()),
        insufficient: z.boolean(),
      }),
    )
    .max(1_000)
    .default([]),
  gates: z.array(reportedGate).max(1_000).default([]),
  decision: z.enum(['promote', 'reject', 'needs-approval']),
});

export const performanceReport = envelope.extend({
  latencyMs: nullable(
    z.looseObject({ n: z.int(), min: num, p50: num, p95: num, p99: num }),
  ),
  ab: nullable(
    z.looseObject({
      baselineVersion: text,
      p50Ratio: num,
      p95Ratio: num,
      throughputRatio: num,
      aaP50Ratio: num,
    }),
  ),
  throughputRps: num,
  rssMb: num,
  artifactMb: num,
  coldStartMs: num,
  valid: z.boolean(),
  gates: z.array(reportedGate).max(200).default([]),
});

export const dataValidationReport = envelope.extend({
  checks: z
    .array(
      z.looseObject({
        id: z.string().max(200),
        column: text,
        observed: z
          .json()
          .nullish()
          .transform(v => v ?? null),
        expected: z
          .json()
          .nullish()
          .transform(v => v ?? null),
        severity: z.string().max(50).default('error'),
        pass: z.boolean(),
      }),
    )
    .max(2_000),
});
