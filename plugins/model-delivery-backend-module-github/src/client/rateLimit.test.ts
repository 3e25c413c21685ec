import { rateLimitOf } from './rateLimit';

const headers = (resource?: string) =>
  new Headers({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '7',
    'x-ratelimit-reset': '1767225600',
    ...(resource && { 'x-ratelimit-resource': resource }),
  });

describe('the rate limit of an answer', () => {
  it.each(['core', undefined])('is read of the resource %s', resource => {
    expect(rateLimitOf(headers(resource))).toEqual({
      limit: 5_000,
      remaining: 7,
      resetsAtMs: 1_767_225_600_000,
    });
  });

  it('is not that of searches', () => {
    expect(rateLimitOf(headers('search'))).toBeNull();
  });
});
