import { createHash } from 'node:crypto';
import {
  GithubAppCredentialsMux,
  SingleInstanceGithubCredentialsProvider,
  type GithubIntegrationConfig,
} from '@backstage/integration';
import { ProviderError } from '@slipway/plugin-model-delivery-node';

export interface Credential {
  /** Whose allowance it spends; says nothing of the token. */
  key: string;
  token: string;
}

export interface Credentials {
  /** No owner stands for the token itself, where there is one. @throws ProviderError */
  of(owner: string, repo?: string): Promise<Credential>;
  /** For whom the Apps are installed; null where there is a token and no App. */
  owners(): Promise<string[] | null>;
}

/** Tokens as Backstage's integration of this host gives them: an App's installation, else a token. */
export function createCredentials(
  title: string,
  integration: GithubIntegrationConfig,
): Credentials {
  const mux = new GithubAppCredentialsMux(integration);
  const provider = SingleInstanceGithubCredentialsProvider.create(integration);
  const hasApps = Boolean(integration.apps?.length);

  const ask = async <T>(asked: Promise<T>, of: string): Promise<T> =>
    asked.catch(cause => {
      throw errorOfApp(title, of, cause);
    });

  return {
    async of(named, repo) {
      // As the tokens are kept: in another spelling it would get another one.
      const owner = named.toLocaleLowerCase('en-US');
      const path = [owner, repo].filter(Boolean).join('/');
      const { token, type } =
        hasApps && owner
          ? await ask(
              provider.getCredentials({
                url: `https://${integration.host}/${path}`,
              }),
              path,
            )
          : { token: integration.token, type: 'token' };
      if (!token) {
        throw new ProviderError(
          'unauthorized',
          `No GitHub App of the configuration is installed for ${owner || 'anybody'} on ${integration.host}, and there is no token.`,
        );
      }
      return {
        token,
        key:
          type === 'app'
            ? `app:${integration.host}/${owner}`
            : `token:${createHash('sha256').update(token).digest('hex').slice(0, 12)}`,
      };
    },
    async owners() {
      if (!hasApps) return null;
      const installations = await ask(mux.getAllInstallations(), 'anybody');
      return installations.flatMap(({ account }) =>
        account && 'login' in account ? [account.login] : [],
      );
    },
  };
}

function errorOfApp(
  title: string,
  path: string,
  cause: { status?: number },
): ProviderError {
  if (cause.status !== undefined && cause.status >= 500) {
    return new ProviderError(
      'unavailable',
      `${title} gave no token to the App of the configuration for ${path}.`,
      { cause },
    );
  }
  return new ProviderError(
    'unauthorized',
    `The GitHub App of the configuration gets no access to ${path}. Are its id and key right, is it installed there and not suspended, may it see the repository, and is the name spelt as on GitHub?`,
    { cause },
  );
}
