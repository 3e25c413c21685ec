import {
  type RateLimit,
  secondsToWait,
} from '@slipway/plugin-model-delivery-node/http';

/** What an answer tells of the limit of a minute; an instance without limits tells NaN. */
export function rateLimitOf(headers: Headers): RateLimit {
  const number = (name: string) => Number(headers.get(name) ?? NaN);
  return {
    limit: number('ratelimit-limit'),
    remaining: number('ratelimit-remaining'),
    resetsAtMs: number('ratelimit-reset') * 1000,
  };
}

/** Seconds to wait after too many requests. */
export function waitOf(headers: Headers, now: number): number {
  const after = headers.get('retry-after');
  const { resetsAtMs } = rateLimitOf(headers);
  if (after !== null || !Number.isFinite(resetsAtMs)) {
    return secondsToWait(after ?? undefined, now);
  }
  return secondsToWait(
    String(Math.max(1, Math.ceil((resetsAtMs - now) / 1000))),
  );
}
