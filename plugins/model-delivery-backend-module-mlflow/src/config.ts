import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  catalogName,
  describeIssues,
} from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

export const CONFIG_KEY = 'modelDelivery.mlflow';

const text = z.string().min(1);
const httpUrl = z.url({ protocol: /^https?$/ });
/** Below an artifact root; nothing that leads out of it. */
const artifactPath = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\]+(?:\/[^/\\]+)*$/,
    'a path such as reports/model-card.md, without a slash at its ends',
  );
const entityRef = z
  .string()
  .regex(
    /^([a-zA-Z]+:)?([-\w.]+\/)?[-\w.]+$/,
    'an entity reference such as group:default/ml-platform',
  );

const auth = z.union([
  z.strictObject({ username: text, password: text }),
  z.strictObject({ token: text }),
]);

const tags = z.strictObject({
  digest: text.default('slipway.digest'),
  commit: text.default('slipway.commit'),
  runCommit: text.default('mlflow.source.git.commit'),
  pipelineRun: text.default('slipway.run'),
  status: text.default('slipway.status'),
  reasons: text.default('slipway.reasons'),
  card: text.default('slipway.card'),
});

const artifacts = z.strictObject({
  bundle: artifactPath.default('bundle'),
  reports: artifactPath.default('reports'),
  cards: z
    .array(artifactPath)
    .max(10)
    .default([
      'MODEL_CARD.md',
      'reports/MODEL_CARD.md',
      'reports/model-card.md',
    ]),
});

const discovery = z
  .strictObject({
    enabled: z.boolean().default(false),
    filter: text.optional(),
    defaultOwner: entityRef.optional(),
    ownerTag: text.default('owner'),
    systemTag: text.default('system'),
    lifecycleTag: text.default('lifecycle'),
    defaultLifecycle: text.max(100).default('production'),
    typeTag: text.default('type'),
    defaultType: text.max(100).default('model'),
    namespace: catalogName.default('default'),
  })
  .refine(value => !value.enabled || value.defaultOwner !== undefined, {
    path: ['defaultOwner'],
    message:
      'must name who owns models without an owner, since the catalog takes none without',
  });

const server = z.strictObject({
  id: z
    .string()
    .max(63)
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  title: text.default('MLflow'),
  url: httpUrl,
  externalUrl: httpUrl.optional(),
  auth: auth.optional(),
  headers: z.record(text, z.string()).default({}),
  tls: z
    .strictObject({
      ca: text.optional(),
      cert: text.optional(),
      key: text.optional(),
    })
    .optional(),
  webhook: z.strictObject({ secret: text }).optional(),
  // A variable substituted in app-config is text.
  quietSeconds: z.coerce.number().min(10).max(86_400).optional(),
  aliases: z.record(text, text).default({}),
  tags: tags.prefault({}),
  artifacts: artifacts.prefault({}),
  lowerIsBetter: z.array(text).max(1_000).default([]),
  discovery: discovery.prefault({}),
});

/** One registry, complete: defaults are filled in. */
export type ServerConfig = z.output<typeof server>;

const mlflowConfig = z
  .strictObject({ servers: z.array(server).max(50).default([]) })
  .superRefine(({ servers }, context) => {
    servers.forEach(({ id }, index) => {
      if (servers.findIndex(other => other.id === id) !== index) {
        context.addIssue({
          code: 'custom',
          path: ['servers', index, 'id'],
          message: 'is used twice; give each server an id of its own',
          input: id,
        });
      }
    });
  });

/**
 * Reads `modelDelivery.mlflow`.
 *
 * @returns no servers where there is no such section.
 * @throws InputError that names the setting.
 */
export function readMlflowConfig(config: Config): ServerConfig[] {
  const raw = config.getOptional(CONFIG_KEY) ?? {};
  return parseMlflowConfig(raw);
}

/** @throws InputError that names the setting. */
export function parseMlflowConfig(raw: unknown): ServerConfig[] {
  const parsed = mlflowConfig.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data.servers;
  throw new InputError(
    `The configuration is invalid: ${describeIssues(
      CONFIG_KEY,
      parsed.error,
      withoutSecrets(raw),
    )}`,
  );
}

const SECRETS = ['password', 'token', 'secret', 'key', 'headers'];
/** Hold secrets; a text in their place may well be one. */
const HOLDERS = ['auth', 'webhook', 'tls'];

/** What stands in a message must not be what opens a door. */
function withoutSecrets(raw: unknown): unknown {
  return JSON.parse(
    JSON.stringify(raw, (key, value) =>
      SECRETS.includes(key) ||
      (HOLDERS.includes(key) && typeof value === 'string')
        ? '…'
        : value,
    ),
  );
}
