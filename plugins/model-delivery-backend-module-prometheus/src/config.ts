import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  describeIssues,
  environmentName,
  signal,
  threshold,
} from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';
import { bindQuery, placeholdersOf } from './promql/bind';
import { upSelector } from './promql/selectors';

export const CONFIG_KEY = 'modelDelivery.prometheus';

const address = z
  .url({ protocol: /^https?$/ })
  .refine(
    url => !URL.canParse(url) || new URL(url).username === '',
    'must hold no credentials; use auth',
  );

const connection = {
  url: address,
  externalUrl: address.optional(),
  auth: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('bearer'), token: z.string().min(1) }),
      z.strictObject({
        type: z.literal('basic'),
        username: z.string().min(1),
        password: z.string(),
      }),
    ])
    .optional(),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]+$/, 'a header name'),
      // A tenant that is a number is a number in YAML.
      z.union([z.string(), z.number()]).transform(String),
    )
    .optional(),
  tls: z
    .strictObject({
      ca: z.string().optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
    })
    .optional(),
};

/** Some value for each placeholder, to see whether it stands where it may. */
function sampleValues(text: string): Record<string, string> {
  return Object.fromEntries(placeholdersOf(text).map(name => [name, 'x']));
}

const template = z
  .strictObject({
    query: z.string().min(1).max(20_000),
    signal: signal.optional(),
    up: z.string().max(2_000).optional(),
    parts: z.string().min(1).max(100).optional(),
    warning: threshold.optional(),
    critical: threshold.optional(),
    description: z.string().max(500).optional(),
  })
  .superRefine((value, ctx) => {
    for (const field of ['query', 'up'] as const) {
      try {
        const text = value[field] ?? '';
        const bound = bindQuery(text, sampleValues(text));
        if (field === 'up' && value.up !== undefined) upSelector(bound);
      } catch (error) {
        ctx.addIssue({
          code: 'custom',
          path: [field],
          message: (error as Error).message,
          input: value[field],
        });
      }
    }
  });

const server = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a provider id such as prometheus'),
  title: z.string().min(1).max(100).optional(),
  ...connection,
  alertmanager: z
    .strictObject({
      ...connection,
      webhook: z.strictObject({ secret: z.string().min(16) }).optional(),
    })
    .optional(),
  templates: z.record(environmentName, template).default({}),
  windowSeconds: z.int().min(2).max(86_400).default(300),
  unavailableAfterSeconds: z.int().min(1).max(86_400).default(120),
  maxRangeSeconds: z.int().min(60).default(2_592_000),
  minStepSeconds: z.int().min(1).default(15),
});

const prometheusConfig = z.strictObject({
  servers: z.array(server).superRefine((servers, ctx) => {
    const ids = servers.map(({ id }) => id);
    ids.forEach((id, index) => {
      if (ids.indexOf(id) === index) return;
      ctx.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: 'is used twice; give each server an id of its own',
        input: id,
      });
    });
  }),
});

export type Connection = Pick<
  ServerConfig,
  'url' | 'externalUrl' | 'auth' | 'headers' | 'tls'
>;
export type ServerConfig = z.infer<typeof server>;

/**
 * Reads `modelDelivery.prometheus`, with defaults filled in.
 *
 * @returns no server where there is no such section.
 * @throws InputError that names the setting, its value and what would be right.
 */
export function readServers(config: Config): ServerConfig[] {
  const raw = config.getOptional(CONFIG_KEY);
  if (raw === undefined) return [];
  const parsed = prometheusConfig.safeParse(raw, { reportInput: true });
  if (parsed.success) return parsed.data.servers;
  const lost = parsed.error.issues.some(
    ({ path, input }) => path.at(-1) === 'query' && input === undefined,
  );
  throw new InputError(
    `The configuration is invalid: ${describeIssues(CONFIG_KEY, parsed.error, raw)}${
      lost
        ? '; in app-config a placeholder is written $${model}, since ${model} means an environment variable there'
        : ''
    }`,
  );
}

/** The secrets with which an Alertmanager may say that something changed. */
export function webhookSecrets(servers: ServerConfig[]): string[] {
  return servers.flatMap(({ alertmanager }) =>
    alertmanager?.webhook ? [alertmanager.webhook.secret] : [],
  );
}
