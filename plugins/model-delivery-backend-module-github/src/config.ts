import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  ScmIntegrations,
  type GithubIntegrationConfig,
} from '@backstage/integration';
import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

export const CONFIG_KEY = 'modelDelivery.github';

/** Where GitHub keeps logs and artifacts, and sends to when they are asked for. */
const DOWNLOAD_HOSTS = [
  '*.actions.githubusercontent.com',
  '*.blob.core.windows.net',
];

const host = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
    'a host name in lower case',
  );
const githubConfig = z.strictObject({
  hosts: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
        host,
        title: z.string().min(1).max(100).optional(),
      }),
    )
    .min(1)
    .default([{ id: 'github', host: 'github.com' }]),
  artifact: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'the name of an artifact')
    .default('reports'),
  downloadHosts: z
    .array(
      z
        .string()
        .regex(
          /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
          'a host, or *. and one',
        ),
    )
    .default(DOWNLOAD_HOSTS),
});

export interface GithubInstance {
  /** As entities name the provider. */
  id: string;
  title: string;
  /** As addresses for people have it, such as `github.com`. */
  host: string;
  apiBaseUrl: string;
  integration: GithubIntegrationConfig;
}

export interface GithubConfig {
  instances: GithubInstance[];
  /** The artifact that holds a run's reports; those that begin with it and a dash count too. */
  artifact: string;
  downloadHosts: string[];
}

/**
 * Reads `modelDelivery.github`; where its hosts are and what they are asked with stands in
 * Backstage's own `integrations.github`.
 *
 * @returns undefined where the section is missing.
 * @throws InputError that names the setting.
 */
export function readGithubConfig(config: Config): GithubConfig | undefined {
  const raw = config.getOptional(CONFIG_KEY);
  if (raw === undefined || raw === null) return undefined;
  const parsed = githubConfig.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    throw new InputError(
      `The configuration is invalid: ${describeIssues(CONFIG_KEY, parsed.error, raw)}`,
    );
  }
  const { hosts, ...rest } = parsed.data;
  const taken = hosts.find(
    (one, index) =>
      hosts.findIndex(o => o.id === one.id || o.host === one.host) !== index,
  );
  if (taken) {
    throw new InputError(
      `${CONFIG_KEY}.hosts names the id ${taken.id} or the host ${taken.host} twice; each host has one id.`,
    );
  }
  const integrations = ScmIntegrations.fromConfig(config);
  return {
    ...rest,
    instances: hosts.map(({ id, host: name, title }) => {
      const integration = integrations.github.byHost(name)?.config;
      if (!integration?.apiBaseUrl) {
        throw new InputError(
          `${CONFIG_KEY}.hosts names ${name}, but integrations.github has no host of that name with an apiBaseUrl.`,
        );
      }
      if (!integration.token && !integration.apps?.length) {
        throw new InputError(
          `integrations.github has neither apps nor a token for ${name}, and GitHub Actions can't be read without either.`,
        );
      }
      return {
        id,
        host: name,
        title:
          title ?? (name === 'github.com' ? 'GitHub' : `GitHub at ${name}`),
        apiBaseUrl: integration.apiBaseUrl,
        integration,
      };
    }),
  };
}
