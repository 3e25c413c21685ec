import { z } from 'zod';
import type { GitlabInstance } from '../config';
import type { GitlabClient } from './GitlabClient';

const token = z.object({
  name: z.string().max(300),
  scopes: z.array(z.string().max(60)).max(50),
  expires_at: z.string().max(40).nullish(),
});

/** Asks whether GitLab is there and takes the token. */
export class Connection {
  readonly #instance: GitlabInstance;
  readonly #client: GitlabClient;

  constructor(instance: GitlabInstance, client: GitlabClient) {
    this.#instance = instance;
    this.#client = client;
  }

  /** @throws ProviderError */
  async test(signal: AbortSignal): Promise<string> {
    const { title } = this.#instance;
    const {
      name,
      scopes,
      expires_at: until,
    } = await this.#client.get(
      'its token',
      async api => api.tokens.show({}),
      token,
      signal,
    );
    const expires = until ? ` until ${until}` : '';
    return `${title} takes the token ${name} (${scopes.join(', ')})${expires}.`;
  }
}
