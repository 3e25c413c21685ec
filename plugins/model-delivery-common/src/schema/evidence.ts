import { z } from 'zod';
import { jsonValue, timestamp, versionName } from './base';
import { metric } from './version';

export const evidenceStatus = z.enum([
  'pass',
  'fail',
  'error',
  'skipped',
  'unknown',
]);
export type EvidenceStatus = z.infer<typeof evidenceStatus>;

const common = {
  status: evidenceStatus,
  /** What it says, in one sentence. */
  summary: z.string(),
  at: timestamp,
  runId: z.string().nullable(),
};
const interval = z.tuple([z.number(), z.number()]).nullable();
const num = z.number().nullable();

export const testsEvidence = z.object({
  ...common,
  kind: z.literal('tests'),
  suite: z.enum(['unit', 'integration', 'behaviour']),
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  seconds: num,
  failures: z.array(z.object({ name: z.string(), message: z.string() })),
});
export const dataEvidence = z.object({
  ...common,
  kind: z.literal('data-validation'),
  checks: z.array(
    z.object({
      id: z.string(),
      column: z.string().nullable(),
      observed: jsonValue,
      expected: jsonValue,
      severity: z.string(),
      pass: z.boolean(),
    }),
  ),
});
export const evaluationEvidence = z.object({
  ...common,
  kind: z.literal('evaluation'),
  decision: z.enum(['promote', 'reject', 'needs-approval']).nullable(),
  reasons: z.array(z.string()),
  holdoutDigest: z.string().nullable(),
  baseline: z.object({
    kind: z.enum(['champion', 'trivial', 'none']),
    version: z.string().nullable(),
    digest: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  overall: z.array(
    z.object({
      metric: z.string(),
      direction: z.enum(['max', 'min']),
      candidate: num,
      baseline: num,
      delta: num,
      pairedCi: interval,
      n: z.int().nullable(),
    }),
  ),
  slices: z.array(
    z.object({
      name: z.string(),
      where: z.string(),
      n: z.int(),
      metric: z.string(),
      candidate: num,
      baseline: num,
      delta: num,
      pass: z.boolean().nullable(),
      insufficient: z.boolean(),
    }),
  ),
});
export const performanceEvidence = z.object({
  ...common,
  kind: z.literal('performance'),
  valid: z.boolean(),
  latencyMs: z
    .object({ n: z.int(), min: num, p50: num, p95: num, p99: num })
    .nullable(),
  p50Ratio: num,
  aaP50Ratio: num,
  baselineVersion: z.string().nullable(),
  throughputRps: num,
  rssMb: num,
  artifactMb: num,
  coldStartMs: num,
});
export const metricsEvidence = z.object({
  ...common,
  kind: z.literal('metrics'),
  metrics: z.array(metric),
});
export const cardEvidence = z.object({
  ...common,
  kind: z.literal('model-card'),
});
/** Lint, selection, bill of materials and the like: a verdict and its sentence. */
export const otherEvidence = z.object({
  ...common,
  kind: z.literal('report'),
  name: z.string(),
});

/** What a run proved about a version. */
export const evidence = z
  .discriminatedUnion('kind', [
    testsEvidence,
    dataEvidence,
    evaluationEvidence,
    performanceEvidence,
    metricsEvidence,
    cardEvidence,
    otherEvidence,
  ])
  .meta({ id: 'Evidence' });
export type Evidence = z.infer<typeof evidence>;
export type EvidenceOf<K extends Evidence['kind']> = Extract<
  Evidence,
  { kind: K }
>;

/** Evidence of versions that nobody had looked at, which a registry is being asked for. */
export const evidencePending = z
  .object({
    versions: z.array(versionName).min(1),
    /** Why it could not be loaded a moment ago; null while it is being read. */
    problem: z.string().nullable(),
  })
  .meta({ id: 'EvidencePending' });
export type EvidencePending = z.infer<typeof evidencePending>;
