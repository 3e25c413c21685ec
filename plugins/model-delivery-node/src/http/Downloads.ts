import dns from 'node:dns';
import net from 'node:net';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { ProviderError } from '../ProviderError';
import { readBounded } from './boundedRequest';
import { errorOfFailure } from './errors';

const TIMEOUT_MS = 30_000;

/** Addresses that are not of the public network. */
const privateAddresses = new net.BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  const family = net.isIP(address);
  return (
    family !== 0 &&
    !privateAddresses.check(address, family === 6 ? 'ipv6' : 'ipv4')
  );
}

/** Looks a name up and refuses what leads into a private network, when the connection is made. */
export const publicLookup: net.LookupFunction = (hostname, options, callback) =>
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const open = (addresses ?? []).filter(({ address }) =>
      isPublicAddress(address),
    );
    if (error || open.length === 0) {
      callback(
        error ??
          Object.assign(new Error(`${hostname} is a private address`), {
            code: 'EPRIVATE',
          }),
        [],
      );
    } else if (options.all) callback(null, open);
    else callback(null, open[0].address, open[0].family);
  });

/** Connects to public addresses only, except through the machine's own proxy. */
export function publicDispatcher(): Dispatcher {
  return new EnvHttpProxyAgent({
    connect: { lookup: publicLookup, timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
}

/** @param hosts - names, or `*.` and a name for all below it. */
export function isAllowedDownload(address: string, hosts: string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return (
    protocol === 'https:' &&
    !username &&
    !password &&
    net.isIP(hostname.replace(/^\[|\]$/g, '')) === 0 &&
    hosts.some(host =>
      host.startsWith('*.')
        ? hostname.endsWith(host.slice(1))
        : hostname === host,
    )
  );
}

export interface Downloaded {
  bytes: Buffer;
  /** There was more than was read. */
  cut: boolean;
}

/** The hosts that may be asked, and the key of the configuration that names them. */
interface AllowedHosts {
  hosts: string[];
  key: string;
}

/**
 * Gets a file that a system keeps in a storage of its own, from an address that the system named: over
 * https, from the hosts of the configuration, without credentials, following nothing.
 */
export class Downloads {
  readonly #title: string;
  readonly #allowed: AllowedHosts;
  readonly #dispatcher: Dispatcher;

  constructor(title: string, allowed: AllowedHosts, dispatcher: Dispatcher) {
    this.#title = title;
    this.#allowed = allowed;
    this.#dispatcher = dispatcher;
  }

  /** @throws ProviderError */
  async get(
    address: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Downloaded> {
    const { hosts, key } = this.#allowed;
    if (!isAllowedDownload(address, hosts)) {
      const host = URL.canParse(address) ? new URL(address).host : 'nowhere';
      throw new ProviderError(
        'forbidden',
        `${this.#title} keeps this at ${host}, which ${key} does not name.`,
      );
    }
    const { host } = new URL(address);
    try {
      const { statusCode, body } = await request(address, {
        dispatcher: this.#dispatcher,
        signal,
      });
      if (statusCode !== 200) {
        body.on('error', () => undefined).destroy();
        throw new ProviderError(
          statusCode === 404 || statusCode === 410
            ? 'not-found'
            : 'unavailable',
          `The storage of ${this.#title} at ${host} answered ${statusCode}.`,
        );
      }
      return await readBounded(body, maxBytes);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProviderError) throw error;
      throw errorOfFailure(`The storage of ${this.#title}`, host, error);
    }
  }
}
