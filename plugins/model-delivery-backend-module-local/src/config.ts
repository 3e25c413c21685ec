import os from 'node:os';
import path from 'node:path';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

export const CONFIG_KEY = 'modelDelivery.local';

const positive = z.number().positive();
const localConfig = z.strictObject({
  enabled: z.boolean().default(false),
  directory: z.string().min(1).default('.slipway/local'),
  slots: z.int().min(1).max(256).optional(),
  python: z.string().min(1).optional(),
  listen: z
    .strictObject({
      host: z
        .string()
        .refine(isLoopback, 'must be a loopback address such as 127.0.0.1')
        .default('127.0.0.1'),
      // A variable substituted in app-config is text.
      port: z.coerce.number().int().min(0).max(65535).default(7010),
    })
    .prefault({}),
  jobTimeoutSeconds: positive.default(900),
  logLimitBytes: z.int().min(1_000).default(5_000_000),
  scrapeSeconds: positive.default(5),
  retentionHours: positive.default(168),
  predictions: z
    .strictObject({
      days: positive.default(30),
      perEnvironment: z.int().min(1).max(10_000_000).default(100_000),
    })
    .prefault({}),
  traffic: z
    .strictObject({
      enabled: z.boolean().default(false),
      requestsPerSecond: positive.max(100).default(4),
    })
    .prefault({}),
  environment: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
    .default([]),
});

/** Settings of the engine, complete: defaults are filled in and the directory is absolute. */
export type LocalConfig = Omit<z.infer<typeof localConfig>, 'slots'> & {
  slots: number;
};

/**
 * Reads `modelDelivery.local`.
 *
 * @returns undefined where the engine is not enabled.
 * @throws InputError that names the setting, and under `NODE_ENV=production`.
 */
export function readLocalConfig(
  config: Config,
  nodeEnv = process.env.NODE_ENV,
): LocalConfig | undefined {
  const raw = config.getOptional(CONFIG_KEY) ?? {};
  const parsed = localConfig.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    throw new InputError(
      `The configuration is invalid: ${describeIssues(
        CONFIG_KEY,
        parsed.error,
        raw,
      )}`,
    );
  }
  if (!parsed.data.enabled) return undefined;
  if (nodeEnv === 'production') {
    throw new InputError(
      `${CONFIG_KEY}.enabled is true under NODE_ENV=production: the local engine executes the code of every repository pushed to it with the rights of the portal itself. Set it to false and install the module of a CI system, a registry and a cluster.`,
    );
  }
  return {
    ...parsed.data,
    slots: parsed.data.slots ?? os.availableParallelism(),
    directory: path.resolve(parsed.data.directory),
  };
}

/** Whether a host name or address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host === '::1' ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  );
}
