import { z } from 'zod';
import { jsonValue, timestamp, versionName } from './base';
import { metric, signature } from './version';

export const evidenceStatus = z.enum([
  'pass',
  'fail',
  'error',
  'skipped',
  'unknown',
]);
export type EvidenceStatus = z.infer<typeof evidenceStatus>;

/** From what a report was made, as it says itself. */
export const evidenceOrigin = z.object({
  commit: z.string().nullable(),
  /** Whether the checkout had changes that are in no commit; null where nobody looked. */
  dirty: z.boolean().nullable(),
  /** Of the artifact that the report is about; null for a report about none. */
  artifactDigest: z.string().nullable(),
});
export type EvidenceOrigin = z.infer<typeof evidenceOrigin>;

const common = {
  status: evidenceStatus,
  /** What it says, in one sentence. */
  summary: z.string(),
  at: timestamp,
  runId: z.string().nullable(),
  /** Left out where the report does not say. */
  origin: evidenceOrigin.optional(),
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
  /** Candidate over baseline, timed by turns on one machine; left out by older reports. */
  p95Ratio: num.optional(),
  throughputRatio: num.optional(),
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
/** What a caller sends and receives, read with the version. */
export const signatureEvidence = z.object({
  ...common,
  kind: z.literal('signature'),
  signature,
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
    signatureEvidence,
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
