import path from 'node:path';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import {
  type ScmIntegrationRegistry,
  ScmIntegrations,
} from '@backstage/integration';

/** An entry of `backend.reading.allow`. */
interface AllowedHost {
  host: string;
  /** Prefixes of allowed paths; undefined allows all. */
  paths: string[] | undefined;
}

/**
 * From which addresses this portal reads data: the hosts of `backend.reading.allow` and those of
 * `integrations`, as the portal's URL reader decides it.
 */
export class DataAddresses {
  readonly #allowed: AllowedHost[];
  readonly #integrations: ScmIntegrationRegistry;

  constructor(config: RootConfigService) {
    this.#allowed = (
      config.getOptionalConfigArray('backend.reading.allow') ?? []
    ).map(entry => ({
      host: entry.getString('host'),
      paths: entry.getOptionalStringArray('paths'),
    }));
    this.#integrations = ScmIntegrations.fromConfig(config);
  }

  /** The allowed hosts, the ones named in `backend.reading.allow` first. */
  hosts(): string[] {
    return [
      ...new Set([
        ...this.#allowed.map(({ host }) => host),
        ...this.#integrations.list().map(({ title }) => title),
      ]),
    ];
  }

  /** Why an address cannot be read, with the remedy; null where it can. */
  problemOf(address: string): string | null {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || !['http:', 'https:'].includes(url.protocol)) {
      return 'Enter a whole address, such as https://example.com/data.csv.';
    }
    if (url.username || url.password) {
      return 'Remove the user name and the password from the address.';
    }
    if (
      this.#integrations.byUrl(url) ||
      this.#allowed.some(allowed => matches(allowed, url))
    ) {
      return null;
    }
    const isOtherPath = this.#allowed.some(({ host }) =>
      matches({ host, paths: undefined }, url),
    );
    return isOtherPath
      ? `Slipway may not read this path of ${url.host}. An administrator can add it to backend.reading.allow in app-config.`
      : `Slipway may not read from ${url.host}. An administrator can add the host to backend.reading.allow or integrations in app-config.`;
  }
}

function matches({ host, paths }: AllowedHost, url: URL): boolean {
  const isHost = host.startsWith('*.')
    ? url.host.endsWith(host.slice(1))
    : url.host === host;
  const target = path.posix.normalize(url.pathname);
  return isHost && (paths?.some(prefix => target.startsWith(prefix)) ?? true);
}
