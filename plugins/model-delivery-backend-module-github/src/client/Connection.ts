import { ProviderError } from '@slipway/plugin-model-delivery-node';
import { z } from 'zod';
import type { Credentials } from './credentials';
import type { GithubClient } from './GithubClient';

const rateLimit = z.object({
  resources: z.object({
    core: z.object({ limit: z.int(), remaining: z.int() }),
  }),
});

/** Asks whether GitHub is there and takes the credentials; that counts against no limit. */
export class Connection {
  readonly #title: string;
  readonly #client: GithubClient;
  readonly #credentials: Credentials;

  constructor(title: string, client: GithubClient, credentials: Credentials) {
    this.#title = title;
    this.#client = client;
    this.#credentials = credentials;
  }

  /** @throws ProviderError */
  async test(signal: AbortSignal): Promise<string> {
    const owners = await this.#credentials.owners();
    if (owners?.length === 0) {
      throw new ProviderError(
        'forbidden',
        'The GitHub App of the configuration is installed nowhere, so it sees no repository; install it for your organisation.',
      );
    }
    const { resources } = await this.#client.getFor(
      owners?.[0] ?? '',
      '/rate_limit',
      {},
      rateLimit,
      signal,
    );
    const { limit, remaining } = resources.core;
    return `${this.#title} takes ${
      owners
        ? `the App, installed for ${owners.slice(0, 5).join(', ')}`
        : 'the token'
    }; ${remaining} of ${limit} requests are left this hour.`;
  }
}
