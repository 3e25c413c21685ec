import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ScmIntegrations } from '@backstage/integration';
import { describeIssues } from '@slipway/plugin-model-delivery-common/schema';
import { z } from 'zod';

export const CONFIG_KEY = 'modelDelivery.gitlab';

/** Where gitlab.com keeps artifacts, and sends to when they are asked for. */
const DOWNLOAD_HOSTS = [
  'cdn.artifacts.gitlab-static.net',
  'storage.googleapis.com',
];

const host = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/,
    'a host name in lower case',
  );
const gitlabConfig = z.strictObject({
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
    .default([{ id: 'gitlab', host: 'gitlab.com' }]),
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

export interface GitlabInstance {
  /** As entities name the provider. */
  id: string;
  title: string;
  /** As addresses for people have it, such as `gitlab.com`. */
  host: string;
  /** Of the pages for people, without a slash at its end. */
  baseUrl: string;
  apiBaseUrl: string;
  token: string;
}

export interface GitlabConfig {
  instances: GitlabInstance[];
  /** How the archive that holds a job's reports is called, or begins with it and a dash. */
  artifact: string;
  downloadHosts: string[];
}

/**
 * Reads `modelDelivery.gitlab`; the addresses and tokens of its hosts are those of Backstage's own
 * `integrations.gitlab`.
 *
 * @returns undefined where the section is missing.
 * @throws InputError that names the setting.
 */
export function readGitlabConfig(config: Config): GitlabConfig | undefined {
  const raw = config.getOptional(CONFIG_KEY);
  if (raw === undefined || raw === null) return undefined;
  const parsed = gitlabConfig.safeParse(raw, { reportInput: true });
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
  const { gitlab } = ScmIntegrations.fromConfig(config);
  return {
    ...rest,
    instances: hosts.map(({ id, host: name, title }) => {
      const integration = gitlab.byHost(name)?.config;
      if (!integration) {
        throw new InputError(
          `${CONFIG_KEY}.hosts names ${name}, but integrations.gitlab has no host of that name.`,
        );
      }
      const { apiBaseUrl, baseUrl, token } = integration;
      if (!token) {
        throw new InputError(
          `integrations.gitlab has no token for ${name}, and GitLab CI/CD can't be read without one.`,
        );
      }
      return {
        id,
        host: name,
        title:
          title ?? (name === 'gitlab.com' ? 'GitLab' : `GitLab at ${name}`),
        baseUrl: baseUrl.replace(/\/+$/, ''),
        apiBaseUrl: apiBaseUrl.replace(/\/+$/, ''),
        token,
      };
    }),
  };
}
