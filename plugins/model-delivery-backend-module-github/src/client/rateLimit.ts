import type { RateLimit } from '@slipway/plugin-model-delivery-node/http';

/** What an answer tells of the hourly limit; null where it is of another, such as that of searches. */
export function rateLimitOf(headers: Headers): RateLimit | null {
  if ((headers.get('x-ratelimit-resource') ?? 'core') !== 'core') return null;
  const number = (name: string) => Number(headers.get(name) ?? NaN);
  return {
    limit: number('x-ratelimit-limit'),
    remaining: number('x-ratelimit-remaining'),
    resetsAtMs: number('x-ratelimit-reset') * 1000,
  };
}
