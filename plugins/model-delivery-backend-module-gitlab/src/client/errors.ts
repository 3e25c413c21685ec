import { ProviderError } from '@slipway/plugin-model-delivery-node';
import {
  type BoundedAnswer,
  errorOfStatus,
} from '@slipway/plugin-model-delivery-node/http';
import { waitOf } from './rateLimit';

const MOST_WORDS = 300;

/** GitLab's own words on a refusal, as one line: a text, texts by field, or an OAuth error. */
export function wordsOf(
  answer: Pick<BoundedAnswer, 'bytes' | 'headers'>,
): string {
  if (!/\bjson\b/.test(answer.headers.get('content-type') ?? '')) return '';
  let body: unknown;
  try {
    body = JSON.parse(answer.bytes.toString('utf8'));
  } catch {
    return '';
  }
  if (typeof body !== 'object' || body === null) return '';
  const {
    message,
    error,
    error_description: description,
  } = body as Record<string, unknown>;
  return flat(message ?? description ?? error)
    .join(', ')
    .replace(/\s+/g, ' ')
    .slice(0, MOST_WORDS);
}

function flat(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(flat);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, texts]) =>
    flat(texts).map(text => (field === 'base' ? text : `${field} ${text}`)),
  );
}

/** What an answer that is no success means. The token is in no message, even where GitLab repeats it. */
export function errorOfAnswer(
  { title, token }: { title: string; token: string },
  where: string,
  answer: BoundedAnswer,
  now: number,
): ProviderError {
  const { status, headers } = answer;
  if (status === 429) {
    const wait = waitOf(headers, now);
    return new ProviderError(
      'rate-limited',
      `${title} limits requests and accepts the next one in ${wait} s.`,
      { retryAfter: wait },
    );
  }
  const words = wordsOf(answer).replaceAll(token, '***');
  if (status === 403) {
    return new ProviderError(
      'forbidden',
      `${title} does not allow this to the token of the configuration (403)${words ? `: ${words}` : '.'}`,
    );
  }
  if (status === 301 || status === 307 || status === 308) {
    return new ProviderError(
      'not-found',
      `${where} has moved: the project was renamed or transferred. Put its current path into the entity.`,
    );
  }
  if (status === 404 || status === 410) {
    return new ProviderError(
      'not-found',
      `${title} does not have ${where}, or the token has no access to it.`,
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
