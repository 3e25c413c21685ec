import { z } from 'zod';
import { jsonValue, timestamp, versionName } from './base';

export const metric = z
  .object({
    name: z.string(),
    value: z.number().nullable(),
    unit: z.string().nullable(),
    direction: z.enum(['max', 'min']),
    /** 95 % interval. */
    ci: z.tuple([z.number(), z.number()]).nullable(),
    n: z.int().nullable(),
    split: z.string().nullable(),
  })
  .meta({ id: 'Metric' });
export type Metric = z.infer<typeof metric>;

/** An immutable registered build of a model. */
export const version = z
  .object({
    version: versionName,
    /** `rejected`: a quality or performance gate of its own pipeline said no. */
    status: z.enum(['registered', 'rejected']),
    reasons: z.array(z.string()),
    commit: z.string().nullable(),
    commitMessage: z.string().nullable(),
    author: z.string().nullable(),
    createdAt: timestamp,
    /** When its commit was made, where the registry knows it. */
    committedAt: timestamp.nullable().default(null),
    /** sha256 of the canonical manifest. */
    digest: z.string().nullable(),
    /** Where its registry keeps the artifact, for systems that fetch it themselves. */
    artifactUri: z.string().nullable().default(null),
    datasetDigest: z.string().nullable(),
    datasetName: z.string().nullable(),
    datasetRows: z.int().nullable(),
    sizeBytes: z.int().nullable(),
    metrics: z.array(metric),
    params: z.record(z.string(), jsonValue),
    aliases: z.array(z.string()),
    runId: z.string().nullable(),
    /** Names of the environments where it is live now. */
    liveIn: z.array(z.string()),
    hasCard: z.boolean(),
    url: z.string().nullable(),
  })
  .meta({ id: 'Version' });
export type Version = z.infer<typeof version>;

/** What a form for one inference is built from; `signature.json` of the bundle. */
export const signatureField = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int()),
  kind: z.enum(['numeric', 'categorical']).optional(),
  categories: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  unit: z.string().nullish(),
  example: jsonValue.optional(),
  optional: z.boolean().optional(),
});
export type SignatureField = z.infer<typeof signatureField>;
export const signature = z
  .object({
    inputs: z.array(signatureField),
    outputs: z.array(signatureField),
  })
  .meta({ id: 'Signature' });
export type Signature = z.infer<typeof signature>;
