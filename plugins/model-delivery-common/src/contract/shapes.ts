import { z } from 'zod';
import { MIN_OVERRIDE_REASON, PROJECT_NAME } from '../constants';
import {
  attention,
  catalogName,
  environmentName,
  evidence,
  evidencePending,
  gateReport,
  impact,
  jsonValue,
  modelSummary,
  plainText,
  runKind,
  runStatus,
  sourceStatus,
  version,
  versionComparison,
  versionName,
} from '../schema';

/** Why somebody does something; shown in the history. */
const reason = plainText(1000).trim().min(1).regex(/\S/, 'must not be blank');

/**
 * Of an override: long enough to say what the emergency is. Blanks around it do not count, which the pattern
 * says in the document, too.
 */
const overrideReason = plainText(1000)
  .trim()
  .min(MIN_OVERRIDE_REASON)
  .regex(
    new RegExp(`\\S[\\s\\S]{${MIN_OVERRIDE_REASON - 2},}\\S`),
    `must have at least ${MIN_OVERRIDE_REASON} characters without the blanks around it`,
  );

/** A list's envelope. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().optional(),
    totalItems: z.int().optional(),
    sources: z.array(sourceStatus),
  });

export const none = z.object({});
export const modelParams = z.object({
  namespace: catalogName,
  name: catalogName,
});
export const kindQuery = z.object({
  kind: z
    .string()
    .max(63)
    .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be a kind, such as MLModel')
    .optional()
    .describe('chooses where several kinds share a name'),
});

/**
 * An integer in a query, where it is text. `z.coerce.number()` makes the same schema, but adds to
 * what every host loads at its start.
 */
export const queryInteger = new z.ZodNumber({
  type: 'number',
  coerce: true,
  checks: [],
}).int();

export const page = {
  limit: queryInteger.min(1).max(100).default(20),
  cursor: z
    .string()
    .max(500)
    .regex(
      /^Wy[I-L][A-Za-z0-9_-]+$/,
      'is not a cursor of this API; start again without it',
    )
    .describe('`nextCursor` of the page before')
    .optional(),
};

/** How far back figures look. */
export const figureDays = queryInteger
  .min(7)
  .max(730)
  .default(90)
  .describe('days up to now');

const commaList = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform(value =>
    value === undefined ? [] : [value].flat().flatMap(v => v.split(',')),
  )
  .pipe(z.array(z.string().max(255)).max(50));

export const fleetQuery = z.object({
  ...page,
  search: z.string().max(200).optional(),
  owner: commaList,
  type: commaList,
  lifecycle: commaList,
  environment: commaList.describe('where a version is live, in any of them'),
  attention: attention.optional(),
  sort: z
    .enum(['attention', 'name', 'liveSince', 'lastRun', 'lastDelivery'])
    .default('attention'),
  order: z.enum(['asc', 'desc']).default('asc'),
});

export const fleetAnswer = listOf(modelSummary).extend({
  counts: z.object({
    all: z.int(),
    unhealthy: z.int(),
    blocked: z.int(),
    drifting: z.int(),
    stale: z.int(),
    unowned: z.int(),
  }),
  /** Where counting ended early, so that there are more than the number says. */
  atLeast: z.object({ totalItems: z.boolean(), counts: z.boolean() }),
  facets: z.object({
    owner: z.array(z.string()),
    type: z.array(z.string()),
    lifecycle: z.array(z.string()),
    environment: z.array(z.string()),
  }),
});

export const runsQuery = kindQuery.extend({
  ...page,
  runKind: runKind.optional(),
  status: runStatus.optional(),
  branch: z.string().max(255).optional(),
});

export const triggerRun = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('training'),
      ref: z.string().max(255).default('main'),
      reason,
    }),
    z.strictObject({
      kind: z.literal('evaluation'),
      version: versionName,
      reason,
    }),
  ])
  .describe(
    'a training of the newest commit, or an evaluation of one version against what is live now',
  );

export const createDeployment = z.strictObject({
  environment: environmentName,
  version: versionName,
  reason,
});

export const overrideGates = createDeployment.extend({
  reason: overrideReason,
});

export const rollback = z.strictObject({
  to: versionName.optional(),
  reason,
});

/** What becomes of a version that was deployed outside Slipway. */
export const decideOutside = z.strictObject({
  reason,
});

export const liftHold = z.strictObject({
  reason,
});

export const continueRollout = z.strictObject({
  reason,
});

export const forceRelease = z.strictObject({
  reason,
});

export const approve = z.strictObject({
  reason: plainText(1000).trim().optional(),
  gateHash: z
    .string()
    .max(64)
    .optional()
    .describe(
      '`approval.gateHash` as the caller saw it; the approval is refused where the gate results have changed since then',
    ),
});

export const reject = z.strictObject({
  reason,
});

export const dismissIncident = z.strictObject({
  reason,
});

export const switchFeedback = z.strictObject({
  on: z.boolean(),
  reason,
});

export const unregister = z.strictObject({
  reason,
});

export const predict = z.strictObject({
  environment: environmentName,
  inputs: z.record(z.string().max(200), jsonValue),
});
export const prediction = z.object({
  version: z.string(),
  outputs: z.record(z.string(), jsonValue),
  latencyMs: z.number(),
  /** A sentence for each input that the training data did not have. */
  warnings: z.array(z.string()).default([]),
});

/** A registered model or repository that a provider knows of, for the catalog. */
export const discoveredModel = z
  .object({
    provider: z.string(),
    /** The entity as its own repository declares it, or made from what the provider knows. */
    entity: z.looseObject({
      apiVersion: z.string(),
      kind: z.string(),
      metadata: z.looseObject({ name: z.string() }),
      spec: z.looseObject({}),
    }),
  })
  .meta({ id: 'DiscoveredModel' });
export type DiscoveredModel = z.infer<typeof discoveredModel>;

export const createProject = z.strictObject({
  provider: z.string().default('local'),
  name: z
    .string()
    .min(PROJECT_NAME.minLength)
    .max(PROJECT_NAME.maxLength)
    .regex(new RegExp(PROJECT_NAME.pattern), PROJECT_NAME.hint),
  description: plainText(500).default(''),
  author: z.object({ name: plainText(200), email: plainText(200) }),
  message: plainText(500).min(1),
  files: z
    .array(
      z.object({
        path: z.string().min(1).max(500),
        /** base64 */
        content: z.string(),
        executable: z.boolean().default(false),
      }),
    )
    .min(1)
    .max(1000),
});
export const createdProject = z.object({
  name: z.string(),
  cloneUrl: z.string(),
  commit: z.string(),
  entityRef: z.string(),
});

/** Evidence is complete where none is pending. */
const pending = { evidencePending: evidencePending.nullable() };

export const versionAnswer = version
  .extend({ evidence: z.array(evidence), ...pending })
  .meta({ id: 'VersionAnswer' });

export const comparisonAnswer = versionComparison
  .extend(pending)
  .meta({ id: 'ComparisonAnswer' });

export const gatesAnswer = gateReport
  .extend(pending)
  .meta({ id: 'GatesAnswer' });

export const impactAnswer = impact.extend(pending).meta({ id: 'ImpactAnswer' });
