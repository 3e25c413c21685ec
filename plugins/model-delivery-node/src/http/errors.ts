import type { IncomingHttpHeaders } from 'undici/types/header';
import { ProviderError } from '../ProviderError';

/** Seconds to wait where a system asks for it and does not say for how long. */
const DEFAULT_RETRY_AFTER = 60;
const LONGEST_RETRY_AFTER = 3_600;

/** What a status says, for systems that say nothing better. */
export function errorOfStatus(
  title: string,
  status: number,
  headers: IncomingHttpHeaders,
): ProviderError {
  if (status === 401) {
    return new ProviderError(
      'unauthorized',
      `${title} does not take the credentials of the configuration (401).`,
    );
  }
  if (status === 403) {
    return new ProviderError(
      'forbidden',
      `${title} does not allow this to the credentials of the configuration (403).`,
    );
  }
  if (status === 404 || status === 410) {
    return new ProviderError('not-found', `${title} does not have it.`);
  }
  if (status === 429) {
    const retryAfter = secondsToWait(headers['retry-after']);
    return new ProviderError(
      'rate-limited',
      `${title} limits requests and accepts the next one in ${retryAfter} s.`,
      { retryAfter },
    );
  }
  if (status >= 300 && status < 400) {
    return new ProviderError(
      'unavailable',
      `${title} sends on to another address (${status}), which is not followed; put the final address into the configuration.`,
    );
  }
  if (status >= 500) {
    return new ProviderError('unavailable', `${title} answered ${status}.`);
  }
  return new ProviderError(
    'bad-data',
    `${title} rejected the request (${status}).`,
  );
}

/** Seconds or a date, as `Retry-After` has it; never negative, never for ever. */
export function secondsToWait(
  header: string | string[] | undefined,
  now = Date.now(),
): number {
  const value = [header].flat()[0];
  if (!value) return DEFAULT_RETRY_AFTER;
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : (Date.parse(value) - now) / 1000;
  if (!Number.isFinite(seconds)) return DEFAULT_RETRY_AFTER;
  return Math.min(LONGEST_RETRY_AFTER, Math.max(1, Math.ceil(seconds)));
}

const TIMEOUTS = [
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
];

/** What a connection that failed says. */
export function errorOfFailure(
  title: string,
  host: string,
  cause: unknown,
): ProviderError {
  const code = String((cause as { code?: unknown })?.code ?? '');
  if (TIMEOUTS.includes(code)) {
    return new ProviderError(
      'timeout',
      `${title} at ${host} did not answer in time.`,
      { cause },
    );
  }
  const tls = tlsFailure(code);
  if (tls) {
    return new ProviderError('unavailable', `${title} at ${host} ${tls}`, {
      cause,
    });
  }
  return new ProviderError(
    'unavailable',
    `${title} at ${host} cannot be reached${code ? ` (${code})` : ''}.`,
    { cause },
  );
}

/** What is wrong with a certificate or with TLS, and what to look at; undefined for other codes. */
function tlsFailure(code: string): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `shows a certificate for another host (${code}); check the address.`;
  }
  // Says the server, of us or of what we speak.
  if (/^ERR_(SSL|TLS)/.test(code)) {
    return `does not agree with us on TLS (${code}); check the address and the configured certificates.`;
  }
  return /CERT|UNABLE_TO_/.test(code)
    ? `shows a certificate that is not trusted (${code}); check the configured certificate authority.`
    : undefined;
}
