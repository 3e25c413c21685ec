import { z } from 'zod';
import {
  catalogName,
  environmentName,
  plainText,
  providerTarget,
  timestamp,
} from './base';
import { entityRef } from './spec';

/** Something in an outside system that a model could be made of. */
export const candidate = z
  .object({
    /** As the entity would name it. */
    target: providerTarget,
    title: z.string(),
    description: z.string().nullable(),
    url: z.string().nullable(),
    suggests: z.object({
      name: z.string().optional(),
      owner: z.string().optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof candidate>;

/** What a person chose for a model that exists already. */
export const modelChoice = z
  .strictObject({
    name: catalogName,
    namespace: catalogName.default('default'),
    description: plainText(1000).default(''),
    owner: entityRef,
    type: plainText(100).trim().min(1).default('classification'),
    lifecycle: plainText(100).trim().min(1).default('production'),
    pipelines: providerTarget.optional(),
    versions: providerTarget.optional(),
    /** In promotion order, each served by the same provider. */
    environments: z
      .strictObject({
        names: z
          .array(environmentName)
          .min(1)
          .max(5)
          .refine(names => new Set(names).size === names.length, {
            error: 'must have each name once',
          })
          .meta({ uniqueItems: true }),
        target: providerTarget,
      })
      .optional(),
    /** The monitors provider whose suggestions are taken over. */
    monitors: z.string().max(63).optional(),
    annotations: z.record(z.string().max(200), plainText(500)).default({}),
  })
  .meta({ id: 'ModelChoice' });
export type ModelChoice = z.infer<typeof modelChoice>;

/** What one of the chosen systems has of the model, and what to do where it has nothing. */
export const finding = z
  .object({
    what: z.enum([
      'pipelines',
      'contract',
      'versions',
      'deployments',
      'monitors',
      'catalog',
    ]),
    status: z.enum(['found', 'none', 'failed', 'not-configured']),
    /** Findings or not, in a sentence. */
    summary: z.string(),
    /** How to get what is missing. */
    remedy: z.string().nullable(),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof finding>;

/** A model that a person registered from the page. */
export const registeredModel = z
  .object({
    entityRef: z.string(),
    namespace: catalogName,
    name: catalogName,
    /** As the entity names it. */
    owner: z.string(),
    /** Entity ref of who registered it, or the name of a service. */
    by: z.string(),
    at: timestamp,
    /** `declared-elsewhere`: by a file, for example, which has taken it over. */
    inCatalog: z.enum(['as-registered', 'declared-elsewhere', 'not-yet']),
  })
  .meta({ id: 'RegisteredModel' });
export type RegisteredModel = z.infer<typeof registeredModel>;

export const unregisteredModel = z
  .object({
    entityRef: z.string(),
    by: z.string(),
    at: timestamp,
    reason: z.string(),
  })
  .meta({ id: 'UnregisteredModel' });
export type UnregisteredModel = z.infer<typeof unregisteredModel>;

export const modelPreview = z
  .object({
    entityRef: z.string(),
    /** `catalog-info.yaml` as it would be. */
    entityFile: z.string(),
    findings: z.array(finding),
    /** Whether the chosen repository takes pull requests from here. */
    canPropose: z.boolean(),
  })
  .meta({ id: 'ModelPreview' });
export type ModelPreview = z.infer<typeof modelPreview>;
