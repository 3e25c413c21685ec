import { ProviderError } from '@slipway/plugin-model-delivery-node';
import {
  errorOfFailure,
  errorOfStatus,
  secondsToWait,
} from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';

/** How GitHub tells what is wrong. */
const refusal = z.object({
  message: z.string().catch(''),
  errors: z.array(z.unknown()).catch([]),
});

export interface Answer {
  status: number;
  headers: Record<string, string | number | undefined>;
  data: unknown;
}

/** GitHub's own words on a refusal, as one line of a length that people read. */
export function wordsOf(data: unknown): string {
  const parsed = refusal.safeParse(data);
  if (!parsed.success) return '';
  const details = parsed.data.errors
    .map(item =>
      typeof item === 'string'
        ? item
        : String((item as { message?: unknown } | null)?.message ?? ''),
    )
    .filter(Boolean);
  return [parsed.data.message, ...details]
    .filter(Boolean)
    .join(': ')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}

/** Seconds to wait, where an answer says that too much was asked; undefined where it does not. */
export function waitOf(
  { status, headers, data }: Answer,
  now: number,
): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const header = (name: string) =>
    headers[name] === undefined ? undefined : String(headers[name]);
  if (header('retry-after')) return secondsToWait(header('retry-after'));
  if (header('x-ratelimit-remaining') === '0') {
    const reset = Number(header('x-ratelimit-reset') ?? NaN) * 1000;
    return secondsToWait(
      Number.isFinite(reset)
        ? String(Math.max(1, Math.ceil((reset - now) / 1000)))
        : undefined,
    );
  }
  if (status === 429 || /\bsecondary rate limit\b/i.test(wordsOf(data))) {
    return secondsToWait(undefined);
  }
  return undefined;
}

/** What an answer that is no success means. */
export function errorOfAnswer(
  title: string,
  where: string,
  answer: Answer,
  now: number,
): ProviderError {
  const { status, data } = answer;
  const wait = waitOf(answer, now);
  if (wait !== undefined) {
    return new ProviderError(
      'rate-limited',
      `${title} limits requests and accepts the next one in ${wait} s.`,
      { retryAfter: wait },
    );
  }
  const words = wordsOf(data);
  if (status === 403) {
    return new ProviderError(
      'forbidden',
      `${title} does not allow this to the credentials of the configuration (403)${words ? `: ${words}` : '.'}`,
    );
  }
  if (status === 301 || status === 307 || status === 308) {
    return new ProviderError(
      'not-found',
      `${where} has moved: the repository was renamed or transferred. Put its name of today into the entity.`,
    );
  }
  if (status === 404 || status === 410) {
    return new ProviderError(
      'not-found',
      `${title} does not have ${where}, or the credentials have no access to it.`,
    );
  }
  if (status >= 400 && status < 500 && status !== 401 && words) {
    return new ProviderError(
      'bad-data',
      `${title} rejected the request (${status}): ${words}`,
    );
  }
  return errorOfStatus(title, status, {});
}

/** What a request that got no answer means. */
export function errorOfRequest(
  title: string,
  host: string,
  failure: unknown,
): ProviderError {
  return failure instanceof ProviderError
    ? failure
    : errorOfFailure(title, host, failure);
}
